"""What the local Shopify's records are in the words of its schema: values, and connections that page by cursor."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from graphql import GraphQLError

from tests.fakes.shopify_rows import Customer, Line, Order, Refund, instant_text

MOST_LISTED = 250
Node = dict[str, Any]


def money(amount: Decimal | str, currency: str) -> Node:
    """A MoneyBag; the decimal text as it is."""
    told = {"amount": str(amount), "currencyCode": currency}
    return {"shopMoney": told, "presentmentMoney": told}


def connection(nodes: Sequence[Node], first: int | None, after: str | None) -> Node:
    """Some nodes behind a cursor; a cursor names the node, so that others may come and go."""
    if first is None or not 1 <= first <= MOST_LISTED:
        raise GraphQLError(
            "you must provide one of first or last, up to 250", extensions={"code": "BAD_REQUEST"}
        )
    start = 0
    if after is not None:
        at = urlsafe_b64decode(after.encode()).decode()
        start = sum(1 for node in nodes if _place(node) <= at)
    shown = list(nodes[start : start + first])
    return {
        "nodes": shown,
        "pageInfo": {
            "hasNextPage": start + first < len(nodes),
            "hasPreviousPage": start > 0,
            "startCursor": _cursor(shown[0]) if shown else None,
            "endCursor": _cursor(shown[-1]) if shown else None,
        },
    }


def _place(node: Node) -> str:
    """Where a node stands: by its last change, or by its number where it has none."""
    return f"{node.get('updatedAt', '')}|{int(node['id'].rpartition('/')[2]):020d}"


def _cursor(node: Node) -> str:
    return urlsafe_b64encode(_place(node).encode()).decode()


def in_place(nodes: Sequence[Node]) -> list[Node]:
    """``nodes`` in the order of their changes."""
    return sorted(nodes, key=_place)


def order_node(order: Order, customers: dict[int, Customer]) -> Node:
    """An order."""
    bag = partial(money, currency=order.currency)
    lines = [line_node(line, order.currency) for line in order.lines]
    refunds = [refund_node(refund, order.currency) for refund in order.refunds]
    customer = customers.get(order.customer) if order.customer is not None else None
    visit = None
    if order.utm is not None:
        visit = {"utmParameters": dict(zip(("source", "medium", "campaign"), order.utm, strict=True))}
    return {
        "id": f"gid://shopify/Order/{order.number}",
        "name": f"#{order.number}",
        "createdAt": instant_text(order.created or order.at),
        "processedAt": instant_text(order.at),
        "updatedAt": instant_text(order.updated or order.created or order.at),
        "cancelledAt": None if order.cancelled is None else instant_text(order.cancelled),
        "test": order.test,
        "displayFinancialStatus": order.financial_status,
        "displayFulfillmentStatus": "FULFILLED",
        "sourceName": order.source_name,
        "currencyCode": order.currency,
        "taxesIncluded": order.taxes_included,
        "subtotalPriceSet": bag(order.subtotal),
        "totalDiscountsSet": bag(order.discounts),
        "totalShippingPriceSet": bag(order.shipping),
        "totalTaxSet": bag(order.tax),
        "totalPriceSet": bag(order.total),
        "currentTotalPriceSet": bag(order.total - order.refunded),
        "totalRefundedSet": bag(order.refunded),
        "customer": None if customer is None else customer_node(customer),
        "email": order.email,
        "billingAddress": None
        if order.country is None
        else {"countryCodeV2": order.country, "city": "Berlin"},
        "customerJourneySummary": {"ready": True, "lastVisit": visit},
        "refunds": lambda _info, first=None: refunds if first is None else refunds[:first],
        "lineItems": _pages(lines),
    }


def line_node(line: Line, currency: str) -> Node:
    """A line."""
    bag = partial(money, currency=currency)
    left = line.quantity if line.current_quantity is None else line.current_quantity
    return {
        "id": f"gid://shopify/LineItem/{line.number}",
        "title": line.title,
        "sku": line.sku,
        "quantity": line.quantity,
        "currentQuantity": left,
        "originalTotalSet": bag(line.total),
        "discountedTotalSet": bag(Decimal(line.total) - Decimal(line.discount)),
        "taxLines": [{"title": "MwSt", "priceSet": bag(tax)} for tax in line.tax],
    }


def refund_node(refund: Refund, currency: str) -> Node:
    """A refund."""
    bag = partial(money, currency=currency)
    lines = [
        {
            "id": f"gid://shopify/RefundLineItem/{refund.number * 1000 + place}",
            "quantity": 1,
            "subtotalSet": bag(value),
            "totalTaxSet": bag(tax),
        }
        for place, (value, tax) in enumerate(refund.lines)
    ]
    shipping = [
        {
            "id": f"gid://shopify/RefundShippingLine/{refund.number * 1000 + place}",
            "subtotalAmountSet": bag(value),
            "taxAmountSet": bag(tax),
        }
        for place, (value, tax) in enumerate(refund.shipping)
    ]
    return {
        "id": f"gid://shopify/Refund/{refund.number}",
        "createdAt": instant_text(refund.at),
        "totalRefundedSet": bag(refund.money),
        "refundLineItems": _pages(lines),
        "refundShippingLines": _pages(shipping),
    }


def customer_node(customer: Customer) -> Node:
    """A customer."""
    return {
        "id": f"gid://shopify/Customer/{customer.number}",
        "createdAt": instant_text(customer.at),
        "updatedAt": instant_text(customer.updated or customer.at),
        "state": customer.state,
        "numberOfOrders": str(customer.orders),
        "defaultEmailAddress": None if customer.email is None else {"emailAddress": customer.email},
    }


def _pages(nodes: Sequence[Node]) -> Callable[..., Node]:
    ordered = in_place(nodes)
    return lambda _info, first=None, after=None: connection(ordered, first, after)
