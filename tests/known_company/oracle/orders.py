"""Orders: counts and money by order day, refunds on their own day.

kpi-catalogue.md: revenue is goods minus discounts, without tax and shipping, by order date, refunds on the refund's
own day; AOV is before refunds; paid is what the customer paid, shipping and tax included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal

from tests.known_company.oracle.attribution import split
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


Credit = tuple[Segment, Segment, Decimal]
"""Channel and campaign segment of a touch, and its share of the conversion."""


def by_own_campaign(order: Order) -> list[Credit]:
    """An order of a brand without any touches: the campaign that it names, and no channel."""
    return [(OVERALL, ("campaign", order.utm.campaign or "(none)"), Decimal(1))]


def answers(
    brand: Brand,
    orders: Iterable[Order],
    rates: Rates,
    *,
    credits_of: Callable[[Order], list[Credit]] = by_own_campaign,
) -> Answers:
    """Daily measures of orders; feeds are the caller's.

    Args:
        brand: whose days and currency they are.
        orders: every order.
        rates: of foreign money.
        credits_of: what the touches of an order get of it.
    """
    found = Answers()

    def add(order: Order, measure: str, day: date, amount: Decimal | None) -> None:
        """The whole overall and by country; channels and campaigns get their parts, which sum up to it."""
        for segment in (OVERALL, ("country", order.country or "(none)")):
            found.add(order.source, measure, day, amount, segment)
        credits_ = credits_of(order)
        parts = split(amount, [share for _, _, share in credits_])
        for (channel, campaign, _), part in zip(credits_, parts, strict=True):
            for segment in {channel, campaign} - {OVERALL}:
                found.add(order.source, measure, day, part, segment)

    for order in orders:
        if not order.counts:
            continue
        day = local_day(order.ordered_at, brand.timezone)
        worth = rates.convert(value(order), order.currency, brand.currency, day)
        add(order, "orders", day, Decimal(1))
        add(order, "order_value", day, worth)
        add(order, "aov_order_value", day, worth)
        add(order, "paid_value", day, rates.convert(paid(order), order.currency, brand.currency, day))
        if order.refunded > 0 and order.refunded_at is not None:
            refund_day = local_day(order.refunded_at, brand.timezone)
            back = rates.convert(order.refunded, order.currency, brand.currency, refund_day)
            add(order, "order_value", refund_day, None if back is None else -back)
    return found
