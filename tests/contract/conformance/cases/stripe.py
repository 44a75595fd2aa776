"""Stripe: items are subscriptions; the label is the status, the amount the quantity, the text the price's name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from werkzeug import Request

from connectors.stripe.streams import CUSTOMERS, SUBSCRIPTIONS
from tests.contract.conformance.case import PAGE, Drift, Item, NetworkedCase, Row
from tests.contract.conformance.moments import noon
from tests.contract.conformance.reshape import renamed, without
from tests.fakes.stripe import KEY, StripeApi
from tests.fakes.stripe_rows import coupon, customer, discount, invoice, item, price, product, subscription

_FIELD = "status"
_EVERY = 5
"""One of so many subscriptions has a discount."""


class StripeCase(NetworkedCase):
    """Stripe's subscriptions; they are listed whole at each run, so that changes and absences show at once."""

    name = "stripe"
    connector = "stripe"
    stream = SUBSCRIPTIONS
    another_account = ("key_env", "SUITE_OTHER_STRIPE_KEY")
    label = "active"
    beside = frozenset({CUSTOMERS.id})
    renews_credentials: ClassVar[bool] = False

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.api: StripeApi = self._open.enter_context(StripeApi())
        self._product = product(1, "اشتراک")
        self._coupon = coupon(1, at=noon(self.first_day), percent=12.5)
        self.api.coupons = {self._coupon["id"]: self._coupon}
        self._items: dict[str, Item] = {}

    def hold(self, items: Sequence[Item], *, at: datetime) -> None:
        """New ones begin on their day; what changes leaves an event, what goes leaves nothing."""
        wanted = {_id(each): each for each in items}
        for gone in self._items.keys() - wanted.keys():
            number = self._items[gone].number
            for held, key in (
                (self.api.subscriptions, gone),
                (self.api.customers, f"cus_{number:04}"),
                (self.api.invoices, f"in_{number:05}"),
                (self.api.prices, f"price_{number:04}"),
            ):
                held.pop(key)
        for key, each in wanted.items():
            if key not in self._items:
                self._begin(each)
            elif self._items[key] != each:
                changed = self._subscription(each)
                fields = {name: changed[name] for name in ("items", "status", "discounts")}
                self.api.prices[f"price_{each.number:04}"] = changed["items"][0]["price"]
                self.api.change(key, at=at, **fields)
        self._items = wanted

    def _begin(self, each: Item) -> None:
        moment, number = _moment(each), each.number
        begun = self.api.subscribe(self._subscription(each), at=moment)
        if begun["discounts"]:
            found, begun["discounts"] = begun["discounts"], []
            self.api.discount(begun["id"], found, at=moment)
        who = customer(number, _address(each), at=moment, name=f"Mina Ahmadi {number}")
        self.api.customers[who["id"]] = who
        bill = invoice(number, 100 * number, at=moment, customer=who["id"], subscription=begun["id"])
        self.api.invoices[bill["id"]] = bill

    def _subscription(self, each: Item) -> dict[str, Any]:
        moment, number = _moment(each), each.number
        at_price = price(number, str(990 + number), at=moment, of=self._product, nickname=each.text)
        given = [discount(number, self._coupon, at=moment, subscription=_id(each))]
        return subscription(
            number,
            [item(number, at_price, at=moment, quantity=each.amount)],
            at=moment,
            customer=f"cus_{number:04}",
            status=each.label,
            discounts=given if number % _EVERY == 1 else [],
        )

    def expected(self, items: Sequence[Item]) -> Mapping[str, Sequence[Row]]:
        """Subscriptions and who pays for them; prices, items and the rest have tests of their own."""
        return {
            SUBSCRIPTIONS.id: [
                {
                    "subscription_id": _id(each),
                    "created": _moment(each).replace(tzinfo=None),
                    "status": each.label,
                    "customer_id": f"cus_{each.number:04}",
                    "item_ids": f"si_{each.number:04}",
                }
                for each in items
            ],
            CUSTOMERS.id: [
                {"customer_id": f"cus_{each.number:04}", "email_domain": "customer.example", "country": "DE"}
                for each in items
            ],
        }

    def keys(self) -> dict[str, Any]:
        """One account."""
        return {"key_env": "SUITE_STRIPE_KEY", "base_url": self.api.base_url, "page_size": PAGE}

    def environment(self) -> dict[str, str]:
        """The key."""
        return {"SUITE_STRIPE_KEY": KEY, "SUITE_OTHER_STRIPE_KEY": f"{KEY}_of_another_account"}

    @property
    def secrets(self) -> Sequence[str]:
        """The key."""
        return (KEY,)

    @property
    def personal(self) -> Sequence[str]:
        """Addresses and names of customers."""
        return [
            text for each in self._items.values() for text in (_address(each), f"Mina Ahmadi {each.number}")
        ]

    def set_time(self, at: datetime) -> None:
        """Events are kept for 30 days."""
        super().set_time(at)
        self.api.now = at

    def asks_for_stream(self, request: Request) -> bool:
        """A list of subscriptions."""
        return request.path == "/v1/subscriptions"

    def in_front(self, items: Sequence[Item]) -> Item:
        """Newest first."""
        newest = max(each.number for each in items)
        return Item(number=newest + 1, day=items[0].day, text="newest", label=self.label, amount=3)

    def repeat_pages(self) -> None:
        """Every page is the first one and says that there is more."""
        self.api.repeats_pages = True

    def drift(self, kind: Drift) -> None:
        """Of the status, and of the moment."""
        self.api.lies = True
        self.api.shape = lambda word, row: _shaped(kind, row) if word == "subscriptions" else row

    def heal(self) -> None:
        """Also of repeated pages."""
        super().heal()
        self.api.repeats_pages = False
        self.api.shape = lambda _, row: row


def _shaped(kind: Drift, row: dict[str, Any]) -> dict[str, Any]:
    match kind:
        case Drift.VANISHED:
            return without(row, _FIELD)
        case Drift.RENAMED:
            return renamed(row, _FIELD, "state")
        case Drift.RETYPED:
            return row | {"created": "yesterday"}
        case Drift.NEW:
            return row | {"mood": "شاد"}


def _id(each: Item) -> str:
    return f"sub_{each.number:04}"


def _moment(each: Item) -> datetime:
    return noon(each.day) + timedelta(seconds=each.number)


def _address(each: Item) -> str:
    return f"payer-{each.number}@customer.example"


CASES = (StripeCase,)
