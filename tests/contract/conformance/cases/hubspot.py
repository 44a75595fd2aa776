"""HubSpot: items are deals, each with its contact; the label is the deal's stage."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from werkzeug import Request

from connectors.hubspot.streams import (
    ASSOCIATIONS,
    COMPANIES,
    CONTACTS,
    DEALS,
    EMAIL_STATISTICS,
    EMAILS,
    FEEDBACK_SUBMISSIONS,
    FORM_SUBMISSIONS,
    FORMS,
    MERGES,
    PIPELINES,
)
from tests.contract.conformance.case import PAGE, Drift, Item, NetworkedCase, Row
from tests.contract.conformance.moments import EARLIER, RECENT, noon
from tests.contract.conformance.opening import PII_KEY
from tests.contract.conformance.reshape import Reshaping
from tests.fakes.hubspot import SERVICE_KEY, HubSpotApi
from tests.fakes.hubspot_crm import pipeline, stage

_CONTACT, _DEAL = 10_000, 50_000
_COMPANY, _FEEDBACK, _DUPLICATE, _SURVIVOR = 7, 8, 21, 20
_FORM = "5a4a0000-form"
_EMAIL = 301
_KEY = "SUITE_HUBSPOT_KEY"


class _Api(Reshaping, HubSpotApi):
    """HubSpot that may change its shape."""


class HubSpotCase(NetworkedCase):
    """One account, read with a service key, of which there is but one."""

    name = "hubspot"
    connector = "hubspot"
    stream = DEALS
    another_account = "its tokens are renewed twice a year, and years of e-mail statistics take a day to ask"
    label = "closedwon"
    beside = frozenset({CONTACTS.id, FORM_SUBMISSIONS.id, EMAIL_STATISTICS.id})
    absence_seen_after: ClassVar[timedelta] = timedelta(days=31)
    renews_credentials: ClassVar[bool] = False

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.api: _Api = self._open.enter_context(_Api())
        self._held: dict[int, Item] = {}
        self._fill()

    def _fill(self) -> None:
        """What the account has besides the items."""
        at, crm = noon(self.first_day), self.api.crm
        stages = [stage("closedwon", "برنده", probability="1.0", closed=True)]
        crm.pipelines["deals"] = [pipeline("default", "Sales", at=at, stages=stages)]
        crm.create("companies", at=at, record_id=_COMPANY, name="میوه‌فروشی", domain="fruit.example")
        for number in (_SURVIVOR, _DUPLICATE):
            crm.create("contacts", at=at, record_id=number, email=_address(number), lifecyclestage="lead")
        crm.merge("contacts", survivor=_SURVIVOR, loser=_DUPLICATE, at=at)
        crm.create("feedback_submissions", at=at, record_id=_FEEDBACK, hs_value="9", hs_survey_type="NPS")
        self.api.emails.add(_EMAIL, "Newsletter", at=at)
        self.api.emails.send(_EMAIL, at=noon(RECENT), sent=50, delivered=48, open=20, click=4)
        self.api.emails.send(_EMAIL, at=noon(EARLIER), sent=30, delivered=30, open=10)
        self.api.forms.add(_FORM, "Contact us", at=at)
        for number in range(1, PAGE + 3):
            moment = at + timedelta(minutes=number)
            values = {"email": _address(number), "message": "Call Mina Ahmadi"}
            self.api.forms.submit(_FORM, at=moment, values=values, conversion=number)

    def hold(self, items: Sequence[Item], *, at: datetime) -> None:
        """Deals are created on the item's day and changed at the moment ``at``, or deleted without a trace."""
        crm = self.api.crm
        wanted = {item.number: item for item in items}
        for number in self._held.keys() - wanted.keys():
            for kind, record_id in (("deals", _DEAL + number), ("contacts", _CONTACT + number)):
                crm.delete_for_privacy(kind, record_id)
        for number, item in wanted.items():
            if number not in self._held:
                self._create(item)
            if self._held.get(number) != item:
                crm.update("deals", _DEAL + number, at=at, **_deal(item))
        self._held = wanted

    def expected(self, items: Sequence[Item]) -> Mapping[str, Sequence[Row]]:
        """Deals, their contacts, and what the account has besides."""
        numbers = [*(_CONTACT + item.number for item in items), _SURVIVOR]
        return {
            DEALS.id: [
                {
                    "id": str(_DEAL + item.number),
                    "dealname": item.text,
                    "amount": item.amount,
                    "dealstage": item.label,
                    "createdate": noon(item.day).replace(tzinfo=None),
                    "archived": False,
                }
                for item in items
            ],
            CONTACTS.id: [
                {
                    "id": str(number),
                    "email_hmac": _hashed(_address(number)),
                    "email_domain": "customer.example",
                }
                for number in numbers
            ],
            ASSOCIATIONS.id: [
                {"from_id": str(_DEAL + item.number), "to_id": str(_CONTACT + item.number), "type_ids": "3"}
                for item in items
            ],
            MERGES.id: [{"object_type": "contacts", "merged_id": str(_DUPLICATE), "id": str(_SURVIVOR)}],
            COMPANIES.id: [{"id": str(_COMPANY), "name": "میوه‌فروشی", "domain": "fruit.example"}],
            PIPELINES.id: [
                {"stage_id": "closedwon", "stage_label": "برنده", "probability": 1, "is_closed": True}
            ],
            EMAILS.id: [{"id": str(_EMAIL), "name": "Newsletter"}],
            EMAIL_STATISTICS.id: [
                {"date": RECENT, "email_id": str(_EMAIL), "sent": 50, "open": 20, "click": 4},
                {"date": EARLIER, "email_id": str(_EMAIL), "sent": 30, "open": 10, "click": 0},
            ],
            FORMS.id: [{"id": _FORM, "name": "Contact us"}],
            FORM_SUBMISSIONS.id: [
                {"form_id": _FORM, "email_hmac": _hashed(_address(number))} for number in range(1, PAGE + 3)
            ],
            FEEDBACK_SUBMISSIONS.id: [{"id": str(_FEEDBACK), "hs_value": "9", "hs_survey_type": "NPS"}],
        }

    def keys(self) -> dict[str, Any]:
        """One account; pages are small, and the allowance is large since the suite's clock stands still."""
        return {
            "token_env": _KEY,
            "base_url": self.api.base_url,
            "page_size": PAGE,
            "search_page_size": PAGE,
            "submissions_page_size": PAGE,
        }

    def environment(self) -> dict[str, str]:
        """The key."""
        return {_KEY: SERVICE_KEY}

    @property
    def secrets(self) -> Sequence[str]:
        """The key."""
        return (SERVICE_KEY,)

    @property
    def personal(self) -> Sequence[str]:
        """Addresses, telephone numbers and names of contacts, and what they wrote."""
        numbers = [*(_CONTACT + number for number in self._held), _SURVIVOR, *range(1, PAGE + 3)]
        return [*map(_address, numbers), *(_phone(number) for number in self._held), "Mina", "Ahmadi", "مینا"]

    def asks_for_stream(self, request: Request) -> bool:
        """A page of all deals that aren't archived, with their names: of the list, not of its associations."""
        is_list = request.path.endswith("/deals") and request.args.get("archived", "false") == "false"
        return is_list and "dealname" in request.args.get("properties", "")

    def in_front(self, items: Sequence[Item]) -> Item:
        """By id, so that nothing can come to the front; this one comes before all that are still unread."""
        first = min(item.number for item in items)
        return Item(number=first - 1, day=items[0].day, text="first of all", label=self.label, amount=7)

    def repeat_pages(self) -> None:
        """Every page names itself as the next."""
        self.api.pager.repeats = True
        self.api.lies = True

    def drift(self, kind: Drift) -> None:
        """Of the amount, as HubSpot has it: a property is deleted, renamed, or served as something else."""
        deals = self.api.crm.tables["deals"]
        self.api.lies = True
        match kind:
            case Drift.VANISHED:
                deals.dropped.add("amount")
            case Drift.RENAMED:
                deals.renamed["amount"] = "deal_amount"
            case Drift.RETYPED:
                deals.mistyped["amount"] = "many"
            case Drift.NEW:
                self.api.reshape = lambda body, _: body | {"context": {"region": "eu1"}, "schemaVersion": 9}

    def heal(self) -> None:
        """Also of drift and repeated pages."""
        super().heal()
        deals = self.api.crm.tables["deals"]
        deals.dropped.clear()
        deals.renamed.clear()
        deals.mistyped.clear()
        self.api.reshape = None
        self.api.pager.repeats = False

    def _create(self, item: Item) -> None:
        crm, at, contact = self.api.crm, noon(item.day), _CONTACT + item.number
        crm.create("deals", at=at, record_id=_DEAL + item.number, pipeline="default", **_deal(item))
        crm.create(
            "contacts",
            at=at,
            record_id=contact,
            email=_address(contact),
            phone=_phone(item.number),
            firstname="مینا",
            lastname="Ahmadi",
        )
        crm.associations.add("deals", _DEAL + item.number, "contacts", contact)


def _deal(item: Item) -> dict[str, str | None]:
    amount = None if item.amount is None else str(item.amount)
    return {"dealname": item.text, "amount": amount, "dealstage": item.label}


def _address(number: int) -> str:
    return f"person-{number}@customer.example"


def _phone(number: int) -> str:
    return f"+98 21 5550 {number:04d}"


def _hashed(address: str) -> str:
    return hmac.digest(PII_KEY, address.encode(), "sha256").hex()


CASES = (HubSpotCase,)
