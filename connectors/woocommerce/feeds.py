"""Which question to a shop fills which stream.

Orders are asked by change, with the trash, which ``any`` leaves out; each order brings its lines, and those
with refunds are asked for them. Accounts can't be asked by change: new ones are read newest first, all from
time to time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from connectors.core.api import Context
from connectors.core.errors import PermanentError
from connectors.core.feed import Batch, EntityFeed, Feed
from connectors.core.retry import incomplete
from connectors.woocommerce.config import Config
from connectors.woocommerce.streams import CUSTOMERS, ORDER_LINES, ORDERS, REFUNDS

if TYPE_CHECKING:
    from connectors.woocommerce.client import Record, WooCommerceClient

_GUEST = "0"
_FIRST_YEAR = 1970
_ORDER_FIELDS = (
    "number",
    "status",
    "currency",
    "date_created",
    "date_created_gmt",
    "date_modified_gmt",
    "date_paid_gmt",
    "date_completed_gmt",
    "discount_total",
    "shipping_total",
    "total_tax",
    "total",
    "payment_method",
    "created_via",
)
_LINE_FIELDS = ("product_id", "variation_id", "name", "sku", "quantity", "subtotal", "total", "total_tax")
_CUSTOMER_FIELDS = ("date_created_gmt", "date_modified_gmt", "email", "role", "is_paying_customer")
_ATTRIBUTION = {
    f"_wc_order_attribution_{name}": name for name in ("utm_source", "utm_medium", "utm_campaign")
}


def _told(record: Record, names: Sequence[str]) -> dict[str, object]:
    """The fields that the shop gives; one that it doesn't is left out, so that its absence is noticed."""
    return {name: record[name] for name in names if name in record}


def read_orders(client: WooCommerceClient, since: datetime | None) -> Iterator[Batch]:
    """Orders changed since a moment, or all, with their lines and refunds."""
    for status in ("any", "trash"):
        what = f"{ORDERS.id} of status {status}"
        for page in client.orders(status=status, since=since, what=what):
            for order in page:
                _require_gregorian(client, order)
            yield Batch.of_rows(ORDERS, [_order(order) for order in page])
            yield Batch.of_rows(ORDER_LINES, [row for order in page for row in _lines(order)])
            yield Batch.of_rows(REFUNDS, [row for order in page for row in _refunds(client, order)])


def _order(order: Record) -> dict[str, object]:
    row: dict[str, object] = {"order_id": str(order["id"]), **_told(order, _ORDER_FIELDS)}
    if "customer_id" in order:
        customer_id = str(order["customer_id"])
        row |= {
            "customer_id": None if customer_id == _GUEST else customer_id,
            "is_guest": customer_id == _GUEST,
        }
    billing = order.get("billing")
    if isinstance(billing, dict):
        row |= {f"billing_{name}": billing[name] for name in ("email", "country") if name in billing}
    lines = order["line_items"]
    return row | {
        "items_subtotal": _sum(lines, "subtotal"),
        "items_total": _sum(lines, "total"),
        "line_item_ids": _joined(lines),
        "refund_ids": _joined(order["refunds"]),
        **dict.fromkeys(_ATTRIBUTION.values()),
        **{
            _ATTRIBUTION[meta["key"]]: str(meta["value"])
            for meta in order.get("meta_data") or []
            if meta["key"] in _ATTRIBUTION
        },
    }


def _lines(order: Record) -> Iterator[dict[str, object]]:
    for line in order["line_items"]:
        yield {
            "order_id": str(order["id"]),
            "line_id": str(line["id"]),
            "date_created_gmt": order["date_created_gmt"],
            **_told(line, _LINE_FIELDS),
        }


def _refunds(client: WooCommerceClient, order: Record) -> Iterator[dict[str, object]]:
    """Refunds of an order; those that the order itself names, and no others, must come."""
    named = {str(stub["id"]) for stub in order["refunds"]}
    if not named:
        return
    what = f"{REFUNDS.id} of order {order['id']}"
    came = {
        str(refund["id"]): refund for page in client.refunds(str(order["id"]), what=what) for refund in page
    }
    lacking = ", ".join(sorted(named - came.keys()))
    if lacking:
        source = f"Source {client.context.source_id}, {what}"
        raise incomplete(source, f"The order names refunds that don't come: {lacking}.")
    for refund_id, refund in came.items():
        parts = [*refund["line_items"], *refund["fee_lines"], *refund["shipping_lines"]]
        yield {
            "order_id": str(order["id"]),
            "refund_id": refund_id,
            "date_created_gmt": refund["date_created_gmt"],
            "amount": refund["amount"],
            "part_count": len(parts),
            "items_total": _sum(refund["line_items"], "total"),
            "fees_total": _sum(refund["fee_lines"], "total"),
            "shipping_total": _sum(refund["shipping_lines"], "total"),
        }


def read_customers(client: WooCommerceClient, since: datetime | None) -> Iterator[Batch]:
    """All accounts, or the newest until a page ends before ``since``."""
    if since is None:
        for page in client.customers(what=CUSTOMERS.id):
            yield _customers(page)
        return
    for page in client.newest_customers(what=f"new {CUSTOMERS.id}"):
        yield _customers(page)
        if page and datetime.fromisoformat(page[-1]["date_created_gmt"]).replace(tzinfo=UTC) < since:
            break


def _customers(page: list[Record]) -> Batch:
    return Batch.of_rows(
        CUSTOMERS, [{"customer_id": str(each["id"]), **_told(each, _CUSTOMER_FIELDS)} for each in page]
    )


def _sum(parts: Sequence[Record], name: str) -> str:
    """Exact sum of amounts, which are texts; a line without its amount is an error."""
    return str(sum((Decimal(str(part[name])) for part in parts), start=Decimal(0)))


def _joined(parts: Sequence[Record]) -> str | None:
    return ";".join(map(str, sorted(int(part["id"]) for part in parts))) or None


def _require_gregorian(client: WooCommerceClient, order: Record) -> None:
    """See that a Jalali plugin left the ``_gmt`` twins alone: 1405 would be a year of the Middle Ages."""
    for name in ("date_created_gmt", "date_modified_gmt", "date_paid_gmt"):
        value = order.get(name)
        if isinstance(value, str) and value[:4].isdecimal() and int(value[:4]) < _FIRST_YEAR:
            raise PermanentError(
                f"Source {client.context.source_id}, {ORDERS.id}: {name} of order {order['id']} is {value}, "
                "which is no Gregorian day: a Jalali plugin of the site rewrites the API's dates. Nothing of "
                "it was stored, what was stored before is intact. Turn its conversion off for the REST API."
            )


def _asked(config: Config, _: Context) -> str:
    return f"shop {urlsplit(config.base_url)._replace(scheme='').geturl()}"


def feeds(config: Config) -> Sequence[Feed]:
    """What a WooCommerce source lands."""
    asked = partial(_asked, config)
    return (
        EntityFeed(stream=CUSTOMERS, read=read_customers, version="date_created_gmt", asked=asked),
        EntityFeed(
            stream=ORDERS,
            read=read_orders,
            version="date_modified_gmt",
            beside=(ORDER_LINES, REFUNDS),
            asked=asked,
        ),
    )
