"""Orders: counts and money by order day, refunds on their own day.

kpi-catalogue.md: revenue is goods minus discounts, without tax and shipping, by order date, refunds on the refund's
own day; AOV is before refunds; paid is what the customer paid, shipping and tax included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from tests.known_company.oracle.cells import OVERALL, Segment
from tests.known_company.oracle.feeds import Answers, Brand
from tests.known_company.oracle.money import Rates
from tests.known_company.oracle.periods import local_day
from tests.known_company.records import Order

ADDITIVE = ("orders", "order_value", "aov_order_value", "paid_value")


def value(order: Order) -> Decimal:
    """Goods minus discount."""
    return order.goods - order.discount


def paid(order: Order) -> Decimal:
    """What the customer paid; value, shipping and tax where the shop doesn't say."""
    return order.total if order.total is not None else value(order) + order.shipping + order.tax


def is_fully_refunded(order: Order) -> bool:
    """All of its value was given back."""
    return value(order) > 0 and order.refunded >= value(order)


def segments(order: Order) -> list[Segment]:
    """Breakdowns that an order has by itself."""
    return [OVERALL, ("country", order.country or "(none)"), ("campaign", order.utm.campaign or "(none)")]


def answers(
    brand: Brand,
    orders: Iterable[Order],
    rates: Rates,
    *,
    segments_of: Callable[[Order], list[Segment]] = segments,
) -> Answers:
    """Daily measures of orders; feeds are the caller's."""
    found = Answers()
    for order in orders:
        if not order.counts:
            continue
        day = local_day(order.ordered_at, brand.timezone)
        worth = rates.convert(value(order), order.currency, brand.currency, day)
        received = rates.convert(paid(order), order.currency, brand.currency, day)
        for segment in segments_of(order):
            found.add(order.source, "orders", day, 1, segment)
            found.add(order.source, "order_value", day, worth, segment)
            found.add(order.source, "aov_order_value", day, worth, segment)
            found.add(order.source, "paid_value", day, received, segment)
        if order.refunded > 0 and order.refunded_at is not None:
            refund_day = local_day(order.refunded_at, brand.timezone)
            back = rates.convert(order.refunded, order.currency, brand.currency, refund_day)
            for segment in segments_of(order):
                found.add(order.source, "order_value", refund_day, None if back is None else -back, segment)
    return found
