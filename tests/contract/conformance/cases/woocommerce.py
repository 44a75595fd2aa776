"""WooCommerce: items are orders; the label is the way to pay, the amount the goods' value, the text the product."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from werkzeug import Request

from connectors.woocommerce.streams import CUSTOMERS, ORDER_LINES, ORDERS, REFUNDS
from tests.contract.conformance.case import PAGE, Drift, Item, NetworkedCase, Row
from tests.contract.conformance.moments import noon
from tests.contract.conformance.opening import PII_KEY
from tests.contract.conformance.reshape import renamed, without
from tests.fakes.woocommerce import CONSUMER_KEY, CONSUMER_SECRET, WooCommerceApi
from tests.fakes.woocommerce_rows import customer, line, order, refund

_ORDER, _REFUND, _ACCOUNT = 1_000, 90_000, 500
_FIELD = "payment_method"
_REFUNDED_EACH = 4
"""Every fourth order has a refund."""


class WooCommerceCase(NetworkedCase):
    """A shop's orders; one that is deleted for good leaves no trace but its absence."""

    name = "woocommerce"
    connector = "woocommerce"
    stream = ORDERS
    another_account = ("base_url", "https://other.example")
    label = "zarinpal"
    nothing = ""
    beside = frozenset({CUSTOMERS.id})
    renews_credentials: ClassVar[bool] = False
    absence_seen_after: ClassVar[timedelta] = timedelta(days=31)

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.api: WooCommerceApi = self._open.enter_context(WooCommerceApi())
        self._held: dict[int, Item] = {}
        self._drift: Drift | None = None
        for number in range(1, 4 * PAGE):
            row = customer(_ACCOUNT + number, at=noon(self.first_day), email=_address(_ACCOUNT + number))
            self.api.customers[row["id"]] = row

    def hold(self, items: Sequence[Item], *, at: datetime) -> None:
        """Orders are placed on the item's day and changed at the moment ``at``, or deleted without a trace."""
        wanted = {item.number: item for item in items}
        for number, item in wanted.items():
            if self._held.get(number) != item:
                row = _order(item, modified=at)
                self.api.orders[row["id"]] = row
                self.api.refunds[row["id"]] = [_refund(item)] if number % _REFUNDED_EACH == 0 else []
        for number in self._held.keys() - wanted.keys():
            del self.api.orders[_ORDER + number]
        self._held = wanted

    def expected(self, items: Sequence[Item]) -> Mapping[str, Sequence[Row]]:
        """Orders, their lines, their refunds, and the accounts."""
        return {
            ORDERS.id: [
                {
                    "order_id": str(_ORDER + item.number),
                    "payment_method": item.label or "",
                    "items_total": item.amount or 0,
                    "date_created_gmt": noon(item.day).replace(tzinfo=None),
                    "billing_email_hmac": _hashed(_address(item.number)),
                    "is_guest": True,
                    "customer_id": None,
                    "utm_campaign": item.text,
                }
                for item in items
            ],
            ORDER_LINES.id: [
                {"order_id": str(_ORDER + item.number), "name": item.text, "total": item.amount or 0}
                for item in items
            ],
            REFUNDS.id: [
                {"order_id": str(_ORDER + item.number), "refund_id": str(_REFUND + item.number), "amount": 3}
                for item in items
                if item.number % _REFUNDED_EACH == 0
            ],
            CUSTOMERS.id: [
                {"customer_id": str(number), "email_hmac": _hashed(_address(number))}
                for number in range(_ACCOUNT + 1, _ACCOUNT + 4 * PAGE)
            ],
        }

    def keys(self) -> dict[str, Any]:
        """One shop; the suite's clock stands still, so that the rate is high."""
        return {
            "base_url": self.api.base_url,
            "consumer_key_env": "SUITE_WOOCOMMERCE_KEY",
            "consumer_secret_env": "SUITE_WOOCOMMERCE_SECRET",
            "page_size": PAGE,
            "calls_per_minute": 6000,
        }

    def environment(self) -> dict[str, str]:
        """Key and secret."""
        return {"SUITE_WOOCOMMERCE_KEY": CONSUMER_KEY, "SUITE_WOOCOMMERCE_SECRET": CONSUMER_SECRET}

    @property
    def secrets(self) -> Sequence[str]:
        """Key and secret."""
        return (CONSUMER_KEY, CONSUMER_SECRET)

    @property
    def personal(self) -> Sequence[str]:
        """Addresses, names, telephone numbers, streets and notes."""
        numbers = [*self._held, *(number for number in self.api.customers)]
        phones = [row["billing"]["phone"] for row in self.api.orders.values()]
        return [*map(_address, numbers), *phones, "مینا", "احمدی", "ولیعصر"]

    def asks_for_stream(self, request: Request) -> bool:
        """A page of the orders that aren't in the trash."""
        return request.path.endswith("/orders") and request.args.get("status") == "any"

    def in_front(self, items: Sequence[Item]) -> Item:
        """By id, so that this one comes before all."""
        first = min(item.number for item in items)
        return Item(number=first - 1, day=items[0].day, text="first of all", label=self.label, amount=7)

    def repeat_pages(self) -> None:
        """Every page is the first."""
        self.api.repeats = True
        self.api.lies = True

    def drift(self, kind: Drift) -> None:
        """Of the way to pay, and of the total."""
        self._drift = kind
        self.api.lies = True
        self.api.orders = {number: self._shaped(row) for number, row in self.api.orders.items()}

    def heal(self) -> None:
        """Also of drift and repeated pages."""
        super().heal()
        self.api.repeats = False
        if self._drift is not None:
            self._drift = None
            modified = {number: row["date_modified_gmt"] for number, row in self.api.orders.items()}
            for item in self._held.values():
                row = _order(item, modified=noon(item.day))
                self.api.orders[row["id"]] = row | {"date_modified_gmt": modified[row["id"]]}

    def _shaped(self, row: dict[str, Any]) -> dict[str, Any]:
        match self._drift:
            case Drift.VANISHED:
                return without(row, _FIELD)
            case Drift.RENAMED:
                return renamed(row, _FIELD, "payment_gateway")
            case Drift.RETYPED:
                return row | {"total": "many"}
            case _:
                return row | {"billing": row["billing"] | {"loyalty_level": "gold"}, "channel": "pos"}


def _order(item: Item, *, modified: datetime) -> dict[str, Any]:
    amount = str(item.amount or 0)
    return order(
        _ORDER + item.number,
        at=noon(item.day),
        paid=noon(item.day),
        modified=modified,
        lines=[line(item.number, total=amount, name=item.text)],
        email=_address(item.number),
        utm=("newsletter", "email", item.text),
        payment_method=item.label or "",
    )


def _refund(item: Item) -> dict[str, Any]:
    number = _REFUND + item.number
    return refund(number, at=noon(item.day), amount="3", goods="3", reason="مینا احمدی پس داد")


def _address(number: int) -> str:
    return f"buyer-{number}@customer.example"


def _hashed(address: str) -> str:
    return hmac.digest(PII_KEY, address.encode(), "sha256").hex()


CASES = (WooCommerceCase,)
