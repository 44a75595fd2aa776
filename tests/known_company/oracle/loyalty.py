"""Buyers of a brand: retention, repeat and returning customers, new ones and their second purchase.

kpi-formulas.md, "Loyalty". A buyer bought in the period; histories and windows leave out orders that were given back
in full. A window that reaches before the first loaded day or past today is immature.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tests.known_company.oracle.attribution import split
from tests.known_company.oracle.cells import OVERALL, Amount, Segment
from tests.known_company.oracle.feeds import Answers, Brand
from tests.known_company.oracle.orders import Credit, is_fully_refunded
from tests.known_company.oracle.periods import GRAINS, Period, local_day
from tests.known_company.records import Order

TRAILING_DAYS = 365
COHORT_DAYS = 90
MEASURES = (
    *(
        "buyers",
        "previous_buyers",
        "retained_buyers",
        "returning_buyers",
        "trailing_orders",
        "trailing_buyers",
    ),
    *("trailing_repeat_buyers", "new_customers", "new_cohort", "new_cohort_repurchased_90d"),
)


@dataclass(frozen=True)
class _History:
    """Who bought on which day, and whose orders were kept on which days, in order; the loaded days."""

    bought: dict[date, set[str]]
    kept: dict[str, list[date]]
    first_day: date
    end_day: date


def answers(
    brand: Brand,
    orders: Iterable[Order],
    customer_of: Callable[[Order], str | None],
    *,
    first_day: date,
    end_day: date,
    credits_of: Callable[[Order], list[Credit]] | None = None,
) -> Answers:
    """Measures per period.

    Args:
        brand: whose periods they are.
        orders: every order.
        customer_of: one name for one person; None for nobody known.
        first_day: first day that is loaded.
        end_day: the day after the last.
        credits_of: what the touches of an order get of a new customer whose first one it is; None without touches.
    """
    orders = list(orders)
    bought: dict[date, set[str]] = defaultdict(set)
    kept: dict[str, list[date]] = defaultdict(list)
    for order in orders:
        customer = customer_of(order)
        if order.counts and customer is not None:
            day = local_day(order.ordered_at, brand.timezone)
            bought[day].add(customer)
            if not is_fully_refunded(order):
                kept[customer].append(day)
    for days in kept.values():
        days.sort()
    history = _History(bought, kept, first_day, end_day)
    found = Answers()
    for grain in GRAINS:
        for period in brand.calendar.periods(grain, first_day, min(end_day - timedelta(days=1), brand.today)):
            for measure, amount in _of_period(brand, period, history).items():
                found.periodic[None, measure, grain, period.start, OVERALL] = amount
    if credits_of is not None:
        _credit_new_customers(found, brand, orders, customer_of, credits_of)
    return found


def _credit_new_customers(
    found: Answers,
    brand: Brand,
    orders: Iterable[Order],
    customer_of: Callable[[Order], str | None],
    credits_of: Callable[[Order], list[Credit]],
) -> None:
    """A new customer by the touches of the first order that was kept."""
    first: dict[str, Order] = {}
    for order in sorted(orders, key=lambda each: (each.ordered_at, each.source, each.order_id)):
        customer = customer_of(order)
        if order.counts and not is_fully_refunded(order) and customer is not None:
            first.setdefault(customer, order)
    sums: dict[tuple[str, date, Segment], Decimal] = defaultdict(Decimal)
    for order in first.values():
        credits_ = credits_of(order)
        parts = split(Decimal(1), [share for _, _, share in credits_])
        for grain in GRAINS:
            period = brand.calendar.period(grain, local_day(order.ordered_at, brand.timezone))
            for (channel, campaign, _), part in zip(credits_, parts, strict=True):
                sums[grain, period.start, channel] += part or 0
                sums[grain, period.start, campaign] += part or 0
    for (grain, start, segment), amount in sums.items():
        whole = found.periodic[None, "new_customers", grain, start, OVERALL]
        found.periodic[None, "new_customers", grain, start, segment] = Amount(
            amount, is_immature=whole.is_immature
        )


def _buyers(bought: dict[date, set[str]], period: Period) -> set[str]:
    return set().union(*(bought.get(day, set()) for day in period.days()))


def _of_period(brand: Brand, period: Period, history: _History) -> dict[str, Amount]:
    bought, kept, first_day, end_day = history.bought, history.kept, history.first_day, history.end_day
    before = brand.calendar.before(period)
    buyers, previous = _buyers(bought, period), _buyers(bought, before)
    returning = {each for each in buyers if each in kept and kept[each][0] < period.start}
    window = Period("window", period.end - timedelta(days=TRAILING_DAYS), period.end)
    in_window = {customer: sum(day in window for day in days) for customer, days in kept.items()}
    trailing = [orders for orders in in_window.values() if orders]
    cohort = [days for days in kept.values() if days[0] in period]
    again = [days for days in cohort if any(0 < (day - days[0]).days <= COHORT_DAYS for day in days)]
    lacks_history = period.start <= first_day
    lacks_window = window.start < first_day or period.end > brand.today
    lacks_cohort = (end_day - period.end).days < COHORT_DAYS or lacks_history

    def count(number: int, sample: int, is_immature: bool = False) -> Amount:
        return Amount(Decimal(number), sample, is_immature)

    found = {
        "buyers": count(len(buyers), len(buyers)),
        "returning_buyers": count(len(returning), len(buyers), lacks_history),
        "trailing_orders": count(sum(trailing), len(trailing), lacks_window),
        "trailing_buyers": count(len(trailing), len(trailing), lacks_window),
        "trailing_repeat_buyers": count(sum(each >= 2 for each in trailing), len(trailing), lacks_window),
        "new_customers": count(len(cohort), len(cohort), lacks_history),
        "new_cohort": count(len(cohort), len(cohort), lacks_cohort),
        "new_cohort_repurchased_90d": count(len(again), len(cohort), lacks_cohort),
    }
    if period.start > first_day:
        lacks_previous = before.start < first_day
        found["previous_buyers"] = count(len(previous), len(previous), lacks_previous)
        found["retained_buyers"] = count(len(buyers & previous), len(previous), lacks_previous)
    return found
