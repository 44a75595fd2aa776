"""Subscriptions known from full lists: MRR at the ends of periods, and what became of those who paid at the start.

kpi-formulas.md, "MRR", kpi-catalogue.md, "Snapshot subscriptions": amount > 0 counts; the last list at or before the
period's end, carried at most seven days, else stale; no list in the period: nothing is known; movements need both ends.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tests.known_company.oracle.cells import OVERALL, Amount
from tests.known_company.oracle.feeds import CARRIED_DAYS, Answers, Brand
from tests.known_company.oracle.money import Rates, micro, total
from tests.known_company.oracle.periods import GRAINS, ONE_DAY, Period, local_day
from tests.known_company.records import Snapshot, SubscriptionRow

MEASURES = ("mrr", "mrr_start", "mrr_retained_net", "mrr_retained_gross", "subscribers", "subscribers_start",
            "subscribers_retained")  # fmt: skip
PAYING = {"active", "past_due"}
MONTHS = {"day": (365, 12), "week": (52, 12), "month": (1, 1), "year": (1, 12)}
Balances = dict[tuple[str, str], Decimal]
"""Monthly amounts by subscriber and currency."""


@dataclass(frozen=True)
class Moment:
    """What everybody pays a month at the end of a day."""

    day: date
    balances: Balances


def monthly(row: SubscriptionRow) -> Decimal:
    """What a row is worth a month, to six decimals."""
    numerator, denominator = MONTHS[row.interval]
    return micro(row.amount * row.quantity * numerator / (denominator * row.interval_count))


def answers(brand: Brand, lists: Iterable[Snapshot], rates: Rates) -> Answers:
    """Measures of one source per period; feeds are the caller's."""
    lists = sorted(lists, key=lambda each: each.taken_at)
    moments: dict[date, Moment] = {}
    for each in lists:
        day = local_day(each.taken_at, brand.timezone)
        moments[day] = Moment(day, _balances(each))
    return from_moments(brand, lists[0].source, moments, rates)


def from_moments(brand: Brand, source: str, moments: dict[date, Moment], rates: Rates) -> Answers:
    """Measures of one source per period from what is known at the end of some days."""
    found = Answers()
    for grain in GRAINS:
        start: Moment | None = None
        for period in brand.calendar.periods(grain, min(moments), brand.today):
            status, end = _end_of(brand, period, moments)
            amounts = {} if status == "not_loaded" else _levels(brand, end, rates)
            if start is not None and end is not None:
                amounts |= _movements(brand, start, end, rates)
            for measure, amount in amounts.items():
                found.periodic[source, measure, grain, period.start, OVERALL] = amount
            start = end
    return found


def _balances(of: Snapshot) -> Balances:
    found: Balances = defaultdict(Decimal)
    for row in of.rows:
        if row.amount > 0 and row.quantity > 0 and row.status in PAYING:
            found[row.subscriber, row.currency] += monthly(row)
    return dict(found)


def _end_of(brand: Brand, period: Period, moments: dict[date, Moment]) -> tuple[str, Moment | None]:
    """Whether the period's end is known, and the list that tells it."""
    last = min(period.end - ONE_DAY, brand.today)
    day = max((day for day in moments if day <= last), default=None)
    if day is None:
        return "not_loaded", None
    is_own, is_fresh = day >= period.start, last - day <= timedelta(days=CARRIED_DAYS)
    if is_own or period.grain == "day":
        return ("ok", moments[day]) if is_fresh else ("stale" if is_own else "not_loaded", None)
    return "not_loaded", None


def _levels(brand: Brand, end: Moment | None, rates: Rates) -> dict[str, Amount]:
    if end is None:
        return dict.fromkeys(("mrr", "subscribers"), Amount(None, None, is_stale=True))
    payers = {subscriber for subscriber, _ in end.balances}
    amounts = [
        rates.convert(each, currency, brand.currency, end.day) for (_, currency), each in end.balances.items()
    ]
    return {
        "mrr": Amount(total(amounts), len(payers)),
        "subscribers": Amount(Decimal(len(payers)), len(payers)),
    }


def _movements(brand: Brand, start: Moment, end: Moment, rates: Rates) -> dict[str, Amount]:
    """Retention is at constant rates, those of the end; one unknown rate makes all of it unknown."""
    before, after = _by_payer(brand, start, rates), _by_payer(brand, end, rates)
    at_end_rate = _by_payer(brand, Moment(end.day, start.balances), rates)
    stayed = before.keys() & after.keys()
    is_known = None not in (*before.values(), *after.values(), *at_end_rate.values())
    money = {
        "mrr_start": total(at_end_rate.values()),
        "mrr_retained_net": total(after[each] for each in stayed),
        "mrr_retained_gross": total(_lesser(at_end_rate[each], after[each]) for each in stayed),
    }
    counts = {"subscribers_start": len(before), "subscribers_retained": len(stayed)}
    return {
        **{name: Amount(amount if is_known else None, len(before)) for name, amount in money.items()},
        **{name: Amount(Decimal(count), len(before)) for name, count in counts.items()},
    }


def _by_payer(brand: Brand, moment: Moment, rates: Rates) -> dict[str, Decimal | None]:
    amounts: dict[str, list[Decimal | None]] = defaultdict(list)
    for (subscriber, currency), amount in moment.balances.items():
        amounts[subscriber].append(rates.convert(amount, currency, brand.currency, moment.day))
    return {subscriber: total(of_one) for subscriber, of_one in amounts.items()}


def _lesser(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else min(one, other)
