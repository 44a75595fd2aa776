"""Shopify: items are orders; the label is the financial status, the amount the goods' value, the text the product."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from werkzeug import Request

from connectors.shopify.streams import CUSTOMERS, ORDER_LINES, ORDERS, REFUNDS
from tests.contract.conformance.case import PAGE, Drift, Item, NetworkedCase, Row
from tests.contract.conformance.moments import noon
from tests.contract.conformance.opening import PII_KEY
from tests.contract.conformance.reshape import renamed, without
from tests.fakes.shopify import ACCESS_TOKEN, ShopifyApi
from tests.fakes.shopify_rows import Customer, Line, Order, Refund

_ORDER, _REFUND, _CUSTOMER, _LINE = 1_000, 90_000, 500, 7_000
_FIELD = "displayFinancialStatus"
_REFUNDED_EACH = 4
"""Every fourth order has a refund."""
_LINES = PAGE + 2
"""Lines of an order; more than come with it."""


class ShopifyCase(NetworkedCase):
    """A shop's orders; one that is deleted leaves no trace but its absence."""

    name = "shopify"
    connector = "shopify"
    stream = ORDERS
    another_account = ("shop", "sib.myshopify.com")
    label = "PAID"
    beside = frozenset({CUSTOMERS.id})
    renews_credentials: ClassVar[bool] = False
    absence_seen_after: ClassVar[timedelta] = timedelta(days=31)

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        # The suite's clock stands still, and with it the points.
        self.api: ShopifyApi = self._open.enter_context(ShopifyApi(points=1e9))
        self._held: dict[int, Item] = {}
        for number in range(_CUSTOMER + 1, _CUSTOMER + 20 * PAGE):
            at = noon(self.first_day) + timedelta(seconds=number)
            self.api.customers[number] = Customer(number=number, at=at, email=_address(number))

    def hold(self, items: Sequence[Item], *, at: datetime) -> None:
        """Orders are placed on the item's day and changed at the moment ``at``, or deleted without a trace."""
        wanted = {item.number: item for item in items}
        for number, item in wanted.items():
            if self._held.get(number) != item:
                self.api.orders[_ORDER + number] = _order(item, updated=at)
        for number in self._held.keys() - wanted.keys():
            del self.api.orders[_ORDER + number]
        self._held = wanted

    def expected(self, items: Sequence[Item]) -> Mapping[str, Sequence[Row]]:
        """Orders, all of their lines, their refunds, and the customers."""
        return {
            ORDERS.id: [
                {
                    "order_id": str(_ORDER + item.number),
                    "display_financial_status": item.label,
                    "subtotal_price": (item.amount or 0) + _LINES - 1,
                    "processed_at": noon(item.day).replace(tzinfo=None),
                    "email_hmac": _hashed(_address(item.number)),
                    "utm_campaign": item.text,
                    "line_count": _LINES,
                    "test": False,
                }
                for item in items
            ],
            ORDER_LINES.id: [
                {
                    "order_id": str(_ORDER + item.number),
                    "title": item.text,
                    "original_total": (item.amount or 0) if place == 0 else 1,
                }
                for item in items
                for place in range(_LINES)
            ],
            REFUNDS.id: [
                {
                    "order_id": str(_ORDER + item.number),
                    "refund_id": str(_REFUND + item.number),
                    "items_subtotal": PAGE + 1,
                    "line_count": PAGE + 1,
                }
                for item in items
                if item.number % _REFUNDED_EACH == 0
            ],
            CUSTOMERS.id: [
                {"customer_id": str(number), "email_hmac": _hashed(_address(number))}
                for number in range(_CUSTOMER + 1, _CUSTOMER + 20 * PAGE)
            ],
        }

    def keys(self) -> dict[str, Any]:
        """One shop."""
        return {
            "shop": "acme.myshopify.com",
            "token_env": "SUITE_SHOPIFY_TOKEN",
            "base_url": self.api.base_url,
            "page_size": PAGE,
            "nested_page_size": PAGE,
        }

    def environment(self) -> dict[str, str]:
        """The token."""
        return {"SUITE_SHOPIFY_TOKEN": ACCESS_TOKEN}

    @property
    def secrets(self) -> Sequence[str]:
        """The token."""
        return (ACCESS_TOKEN,)

    @property
    def personal(self) -> Sequence[str]:
        """Addresses."""
        return [_address(number) for number in (*self._held, *self.api.customers)]

    def asks_for_stream(self, request: Request) -> bool:
        """A page of orders."""
        return "query Orders(" in request.get_json()["query"]

    def in_front(self, items: Sequence[Item]) -> Item:
        """By change: an order of the same second with a lower number comes before all."""
        first = min(item.number for item in items)
        return Item(number=first - 1, day=items[0].day, text="first of all", label=self.label, amount=7)

    def repeat_pages(self) -> None:
        """Every page is the first."""
        self.api.repeats = True
        self.api.lies = True

    def drift(self, kind: Drift) -> None:
        """Of the status, and of the subtotal."""
        self.api.lies = True
        shape: Callable[[dict[str, Any]], dict[str, Any]]
        match kind:
            case Drift.VANISHED:
                shape = lambda node: without(node, _FIELD)  # noqa: E731 - one of four
            case Drift.RENAMED:
                shape = lambda node: renamed(node, _FIELD, "financialStatus")  # noqa: E731
            case Drift.RETYPED:
                shape = lambda node: node | {"subtotalPriceSet": {"shopMoney": {"amount": "many"}}}  # noqa: E731
            case _:
                shape = lambda node: node | {"loyaltyLevel": "gold"}  # noqa: E731
        self.api.reshape = lambda data: _with_orders(data, shape)

    def heal(self) -> None:
        """Also of drift and repeated pages."""
        super().heal()
        self.api.repeats = False
        self.api.reshape = None


def _with_orders(data: dict[str, Any], shape: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    if "orders" not in data:
        return data
    orders = data["orders"]
    return data | {"orders": orders | {"nodes": [shape(node) for node in orders["nodes"]]}}


def _order(item: Item, *, updated: datetime) -> Order:
    totals = [str(item.amount or 0), *["1"] * (_LINES - 1)]
    refunds = []
    if item.number % _REFUNDED_EACH == 0:
        lines = [("1", "0")] * (PAGE + 1)
        refunds = [Refund(number=_REFUND + item.number, at=noon(item.day), money="6", lines=lines)]
    return Order(
        number=_ORDER + item.number,
        at=noon(item.day),
        updated=updated,
        lines=[
            Line(number=_LINE + item.number * 100 + place, title=item.text, total=total)
            for place, total in enumerate(totals)
        ],
        financial_status=item.label,
        email=_address(item.number),
        utm=("newsletter", "email", item.text),
        refunds=refunds,
    )


def _address(number: int) -> str:
    return f"buyer-{number}@customer.example"


def _hashed(address: str) -> str:
    return hmac.digest(PII_KEY, address.encode(), "sha256").hex()


CASES = (ShopifyCase,)
