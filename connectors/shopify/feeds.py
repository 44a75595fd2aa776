"""Which question to Shopify fills which stream.

Orders and customers are asked by change, from time to time all. An order brings its first lines and tells
whether it has refunds; what is cut there is asked for until its end is proven.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from connectors.core.api import Context
from connectors.core.errors import PermanentError
from connectors.core.feed import Batch, EntityFeed, Feed
from connectors.core.retry import incomplete
from connectors.shopify.config import Config
from connectors.shopify.streams import CUSTOMERS, ORDER_LINES, ORDERS, REFUNDS

if TYPE_CHECKING:
    from connectors.shopify.client import Record, ShopifyClient

_SHOWN = timedelta(days=60)
"""How old an order may be that an app without read_all_orders sees."""
_ORDER_FIELDS = {
    "name": "name",
    "createdAt": "created_at",
    "processedAt": "processed_at",
    "updatedAt": "updated_at",
    "cancelledAt": "cancelled_at",
    "test": "test",
    "displayFinancialStatus": "display_financial_status",
    "displayFulfillmentStatus": "display_fulfillment_status",
    "sourceName": "source_name",
    "currencyCode": "currency_code",
    "taxesIncluded": "taxes_included",
}
_ORDER_AMOUNTS = {
    "subtotalPriceSet": "subtotal_price",
    "totalDiscountsSet": "total_discounts",
    "totalShippingPriceSet": "total_shipping_price",
    "totalTaxSet": "total_tax",
    "totalPriceSet": "total_price",
    "currentTotalPriceSet": "current_total_price",
    "totalRefundedSet": "total_refunded",
}
_LINE_FIELDS = {
    "title": "title",
    "sku": "sku",
    "quantity": "quantity",
    "currentQuantity": "current_quantity",
}
_LINE_AMOUNTS = {"originalTotalSet": "original_total", "discountedTotalSet": "discounted_total"}
_CUSTOMER_FIELDS = {
    "createdAt": "created_at",
    "updatedAt": "updated_at",
    "state": "state",
    "numberOfOrders": "number_of_orders",
}


def _told(record: Record, names: dict[str, str]) -> dict[str, object]:
    """The fields that Shopify gives; one that it doesn't is left out, so that its absence is noticed."""
    return {column: record[name] for name, column in names.items() if name in record}


def _amounts(record: Record, names: dict[str, str]) -> dict[str, object]:
    return {column: _amount(record[name]) for name, column in names.items() if name in record}


def _amount(money: Record | None) -> str | None:
    """An amount in the shop's currency, exact; None where Shopify knows none."""
    return None if money is None else str(money["shopMoney"]["amount"])


def _sum(moneys: Iterator[Record]) -> str:
    return str(sum((Decimal(str(each["shopMoney"]["amount"])) for each in moneys), start=Decimal(0)))


def number_of(gid: str, kind: str) -> str:
    """The number of ``gid://shopify/<kind>/<number>``; ValueError for any other text."""
    prefix, _, number = gid.rpartition("/")
    if prefix != f"gid://shopify/{kind}" or not number.isdecimal():
        raise ValueError(f"{gid} names no {kind}")
    return number


def _changed(since: datetime | None) -> str | None:
    """The search for what changed since a moment; None for all."""
    return None if since is None else f"updated_at:>='{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}'"


def read_orders(client: ShopifyClient, since: datetime | None) -> Iterator[Batch]:
    """Orders changed since a moment, or all, with their lines and refunds."""
    if since is None:
        _require_reach(client)
    previous: list[str] = []
    for page in client.orders(_changed(since), what=ORDERS.id):
        previous = _require_order(client, previous, page, what=ORDERS.id)
        orders, lines, refunds = [], [], []
        for order in page:
            own = list(_lines(client, order))
            lines += own
            orders.append(_order(order, own))
            if order["refunds"]:
                refunds += list(_refunds(client, order))
        yield Batch.of_rows(ORDERS, orders)
        yield Batch.of_rows(ORDER_LINES, lines)
        yield Batch.of_rows(REFUNDS, refunds)


def _order(order: Record, lines: Sequence[dict[str, object]]) -> dict[str, object]:
    row: dict[str, object] = {
        "order_id": number_of(order["id"], "Order"),
        **_told(order, _ORDER_FIELDS),
        **_amounts(order, _ORDER_AMOUNTS),
        "customer_id": number_of(order["customer"]["id"], "Customer") if order["customer"] else None,
    }
    if "email" in order:
        row["email"] = order["email"]
        row["billing_country"] = (order["billingAddress"] or {}).get("countryCodeV2")
    visit = (order["customerJourneySummary"] or {}).get("lastVisit") or {}
    utm = visit.get("utmParameters") or {}
    return row | {
        **{f"utm_{name}": utm.get(name) for name in ("source", "medium", "campaign")},
        "line_count": len(lines),
        "items_tax": str(sum((Decimal(str(line["tax"])) for line in lines), start=Decimal(0))),
    }


def _lines(client: ShopifyClient, order: Record) -> Iterator[dict[str, object]]:
    """Every line of an order, each once."""
    what = f"{ORDER_LINES.id} of order {order['id']}"
    connection = order["lineItems"]
    pages = [connection["nodes"]]
    after = client.following(connection, what=what)
    if after is not None:
        pages += list(client.more_lines(order["id"], after, what=what))
    lines = [line for page in pages for line in page]
    if len({line["id"] for line in lines}) != len(lines):
        raise incomplete(client.named(what), "A line came twice.")
    for line in lines:
        yield {
            "order_id": number_of(order["id"], "Order"),
            "line_id": number_of(line["id"], "LineItem"),
            "processed_at": order["processedAt"],
            **_told(line, _LINE_FIELDS),
            **_amounts(line, _LINE_AMOUNTS),
            "tax": _sum(tax["priceSet"] for tax in line["taxLines"]),
        }


def _refunds(client: ShopifyClient, order: Record) -> Iterator[dict[str, object]]:
    """Every refund of an order, with what all of its lines and its shipping are worth."""
    for refund in client.refunds(order["id"], what=f"{REFUNDS.id} of order {order['id']}"):
        lines = list(_whole(client, refund, "refundLineItems", client.more_refund_lines))
        shipping = list(_whole(client, refund, "refundShippingLines", client.more_refund_shipping))
        yield {
            "order_id": number_of(order["id"], "Order"),
            "refund_id": number_of(refund["id"], "Refund"),
            "created_at": refund["createdAt"],
            "total_refunded": _amount(refund["totalRefundedSet"]),
            "line_count": len(lines),
            "items_subtotal": _sum(line["subtotalSet"] for line in lines),
            "items_tax": _sum(line["totalTaxSet"] for line in lines),
            "shipping_subtotal": _sum(line["subtotalAmountSet"] for line in shipping),
            "shipping_tax": _sum(line["taxAmountSet"] for line in shipping),
        }


def _whole(
    client: ShopifyClient, refund: Record, name: str, more: Callable[..., Iterator[list[Record]]]
) -> Iterator[Record]:
    """Every record of a list of a refund; few come with it, or none."""
    what = f"{name} of refund {refund['id']}"
    came = refund.get(name)
    after = None
    if came is not None:
        yield from came["nodes"]
        after = client.following(came, what=what)
        if after is None:
            return
    for page in more(refund["id"], after, what=what):
        yield from page


def read_customers(client: ShopifyClient, since: datetime | None) -> Iterator[Batch]:
    """Customers changed since a moment, or all."""
    previous: list[str] = []
    for page in client.customers(_changed(since), what=CUSTOMERS.id):
        previous = _require_order(client, previous, page, what=CUSTOMERS.id)
        yield Batch.of_rows(CUSTOMERS, [_customer(each) for each in page])


def _customer(customer: Record) -> dict[str, object]:
    row = {"customer_id": number_of(customer["id"], "Customer"), **_told(customer, _CUSTOMER_FIELDS)}
    if "defaultEmailAddress" in customer:
        row["email"] = (customer["defaultEmailAddress"] or {}).get("emailAddress")
    return row


def _require_order(client: ShopifyClient, previous: list[str], page: list[Record], *, what: str) -> list[str]:
    """See that what changed first comes first, so that what changes meanwhile is behind; the last moment."""
    moments = [*previous, *(node["updatedAt"] for node in page)]
    instants = [datetime.fromisoformat(moment) for moment in moments]
    if any(following < before for before, following in pairwise(instants)):
        raise incomplete(client.named(what), "The records don't come in the order of their changes.")
    return moments[-1:]


def _require_reach(client: ShopifyClient) -> None:
    """See that the whole list is whole: orders that Shopify hides would pass for deleted, or for none.

    Raises:
        PermanentError: orders older than 60 days are hidden, and the source counts on them.
    """
    if client.config.all_orders:
        if "read_all_orders" in client.scopes():
            return
        said = (
            "the app lacks the scope read_all_orders, so Shopify shows orders of 60 days only. Grant it, or "
            "write `all_orders: false` to land those"
        )
    else:
        oldest = (client.context.now - _SHOWN).date()
        if client.config.start is None or client.config.start >= oldest:
            return
        said = (
            f"start is {client.config.start}, and with all_orders: false Shopify shows orders since {oldest} "
            "only; days before would pass for days without orders. Set start to that day or later, or grant "
            "read_all_orders"
        )
    raise PermanentError(
        f"{client.named(ORDERS.id)}: {said}. Nothing was stored, what was stored before is intact."
    )


def _asked(config: Config, _: Context) -> str:
    return f"shop {config.shop}"


def feeds(config: Config) -> Sequence[Feed]:
    """What a Shopify source lands."""
    asked = partial(_asked, config)
    return (
        EntityFeed(stream=CUSTOMERS, read=read_customers, version="updated_at", asked=asked),
        EntityFeed(
            stream=ORDERS,
            read=read_orders,
            version="updated_at",
            # A list that ends 60 days back says nothing of what it lacks, and is never asked for again.
            relist_after=timedelta(days=30 if config.all_orders else 36_500),
            list_is_complete=config.all_orders,
            beside=(ORDER_LINES, REFUNDS),
            asked=asked,
        ),
    )
