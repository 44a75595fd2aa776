"""Google Ads: items are campaigns' days; the label is the channel type, the amount the clicks and the cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from werkzeug import Request, Response

from connectors.google_ads.streams import (
    AD_GROUP_PERFORMANCE,
    AD_PERFORMANCE,
    CAMPAIGN_PERFORMANCE,
    CONVERSION_ACTIONS,
    CONVERSIONS,
    CUSTOMERS,
)
from tests.contract.conformance.case import PAGE, Drift, Item, NetworkedCase, Row
from tests.contract.conformance.google_key import write_key
from tests.contract.conformance.moments import TODAY
from tests.contract.conformance.reshape import renamed, without
from tests.fakes.google_ads import DEVELOPER_TOKEN, GoogleAdsApi
from tests.fakes.google_ads_data import Action, Ad, AdAccount, AdFact, AdGroup, Campaign, Claim
from tests.fakes.server import json_response

_CUSTOMER, _MANAGER = "1234567890", "9876543210"
_KEY, _TOKEN = "SUITE_GOOGLE_ADS_KEY", "SUITE_GOOGLE_ADS_TOKEN"
_ACTION = 71
_MICROS = 1_234_567
"""Cost of a click; no float holds all multiples of it."""

Batches = list[dict[str, Any]]


class _Api(GoogleAdsApi):
    """Google Ads that may change the shape of its batches."""

    reshape: Callable[[Batches], Batches] | None = None

    def answer(self, request: Request) -> Response:
        response = super().answer(request)
        if self.reshape is None or not self.is_data(request) or response.status_code != 200:
            return response
        return json_response(self.reshape(response.get_json()))


class GoogleAdsCase(NetworkedCase):
    """One account, reached through its manager."""

    name = "google_ads"
    connector = "google_ads"
    stream = CAMPAIGN_PERFORMANCE
    another_account = ("customer_id", "123-456-7891")
    label = "SEARCH"
    beside = frozenset({CONVERSIONS.id})

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._account = AdAccount(
            id=_CUSTOMER,
            name="کفش‌های سیب",
            currency_code="IRR",
            time_zone="Asia/Tehran",
            managers=frozenset({_MANAGER}),
            is_direct=False,
            actions={_ACTION: Action(name="خرید")},
        )
        self.api: _Api = self._open.enter_context(_Api([self._account], today=TODAY))
        self.api.batch_rows = PAGE
        self._key_file, self._private_key = write_key(folder, self.api.token_uri)

    def hold(self, items: Sequence[Item], *, at: datetime) -> None:
        """Facts have no moment."""
        del at
        account = self._account
        account.campaigns = {item.number: Campaign(name=item.text, type=item.label or "") for item in items}
        account.ad_groups = {item.number: AdGroup(name=f"Group of {item.text}") for item in items}
        account.ads = {item.number: Ad() for item in items}
        account.facts = [
            AdFact(
                day=item.day,
                campaign=item.number,
                ad_group=item.number,
                ad=item.number,
                impressions=10 * (item.amount or 0) + 1,
                clicks=item.amount or 0,
                cost_micros=(item.amount or 0) * _MICROS,
            )
            for item in items
        ]
        account.claims = [
            Claim(day=item.day, campaign=item.number, action=_ACTION, conversions=Decimal("0.25"))
            for item in items
        ]

    def set_time(self, at: datetime) -> None:
        """Days are Tehran's; in the forenoon UTC they are the same."""
        super().set_time(at)
        self.api.today = at.date()

    def expected(self, items: Sequence[Item]) -> Mapping[str, Sequence[Row]]:
        """A row of each level for each item."""
        common = [
            {
                "date": item.day,
                "account_id": _CUSTOMER,
                "campaign_id": str(item.number),
                "campaign_name": item.text,
                "currency_code": "IRR",
            }
            for item in items
        ]
        spent = [
            {
                "impressions": 10 * (item.amount or 0) + 1,
                "clicks": item.amount or 0,
                "cost": Decimal((item.amount or 0) * _MICROS) / 1_000_000,
            }
            for item in items
        ]
        claimed = {"conversions": Decimal("0.25"), "conversion_value": Decimal(0)}
        rows = [(row | more, item) for row, more, item in zip(common, spent, items, strict=True)]
        return {
            CAMPAIGN_PERFORMANCE.id: [
                row | claimed | {"campaign_type": item.label, "conversion_goal": None} for row, item in rows
            ],
            AD_GROUP_PERFORMANCE.id: [
                row | {"ad_group_id": str(item.number), "ad_group_name": f"Group of {item.text}"}
                for row, item in rows
            ],
            AD_PERFORMANCE.id: [
                row | {"ad_id": str(item.number), "ad_name": None, "ad_type": "RESPONSIVE_SEARCH_AD"}
                for row, item in rows
            ],
            CONVERSIONS.id: [
                row | claimed | {"conversion_action": str(_ACTION), "conversion_action_name": "خرید"}
                for row in common
            ],
            CONVERSION_ACTIONS.id: [
                {
                    "conversion_action": str(_ACTION),
                    "name": "خرید",
                    "click_window_days": 30,
                    "is_primary": True,
                }
            ],
            CUSTOMERS.id: [
                {
                    "account_id": _CUSTOMER,
                    "name": "کفش‌های سیب",
                    "currency_code": "IRR",
                    "time_zone": "Asia/Tehran",
                    "is_test_account": False,
                }
            ],
        }

    def keys(self) -> dict[str, Any]:
        """One account, read by a service account; a day a question, so that there are several."""
        return {
            "customer_id": "123-456-7890",
            "login_customer_id": _MANAGER,
            "developer_token_env": _TOKEN,
            "credentials_file_env": _KEY,
            "base_url": self.api.base_url,
            "days_per_request": 1,
        }

    def environment(self) -> dict[str, str]:
        """Where the key is, and the developer token."""
        return {_KEY: self._key_file, _TOKEN: DEVELOPER_TOKEN}

    @property
    def secrets(self) -> Sequence[str]:
        """The private key, its middle, and the developer token."""
        return (*self._private_key, DEVELOPER_TOKEN)

    def asks_for_stream(self, request: Request) -> bool:
        """Days of campaigns, not by conversion action."""
        query = (request.get_json(silent=True) or {}).get("query", "")
        return " FROM campaign " in query and "conversion_action" not in query

    def in_front(self, items: Sequence[Item]) -> Item:
        """Google promises no order."""
        newest = max(item.number for item in items)
        return Item(number=newest + 1, day=items[0].day, text="first of all", label=self.label, amount=9_999)

    def repeat_pages(self) -> None:
        """A stream has no pages; its batches of days come again behind themselves."""
        self.api.lies = True
        self.api.reshape = lambda batches: [
            *batches,
            *(each for each in batches if "segments.date" in each["fieldMask"]),
        ]

    def drift(self, kind: Drift) -> None:
        """Of the clicks."""
        self.api.lies = True
        self.api.reshape = lambda batches: [_shaped(batch, kind) for batch in batches]

    def heal(self) -> None:
        """Also of a changed shape."""
        super().heal()
        self.api.reshape = None


def _shaped(batch: dict[str, Any], kind: Drift) -> dict[str, Any]:
    """The batch as another version would write it, its mask included."""
    rows = batch.get("results")
    if rows is None:
        return batch
    mask = batch["fieldMask"].split(",")
    match kind:
        case Drift.VANISHED:
            rows = [row | {"metrics": without(row.get("metrics", {}), "clicks")} for row in rows]
            mask = [field for field in mask if field != "metrics.clicks"]
        case Drift.RENAMED:
            rows = [row | {"metrics": renamed(row.get("metrics", {}), "clicks", "taps")} for row in rows]
            mask = ["metrics.taps" if field == "metrics.clicks" else field for field in mask]
        case Drift.RETYPED:
            rows = [row | {"metrics": row.get("metrics", {}) | {"clicks": "many"}} for row in rows]
        case Drift.NEW:
            rows = [row | {"metrics": row.get("metrics", {}) | {"viewability": 0.5}} for row in rows]
            mask = [*mask, "metrics.viewability"]
    return batch | {"results": rows, "fieldMask": ",".join(mask)}


CASES = (GoogleAdsCase,)
