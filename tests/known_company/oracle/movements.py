"""How recurring revenue went from one month's end to the next; kpi-formulas.md, "MRR movements".

end = start + new + expansion + reactivation - contraction - churn + fx, netted per subscriber; fx is what the start's
balances gained by rates alone, everything else is valued at the end's rates; reactivation is of those who paid before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tests.known_company.oracle.feeds import Brand
from tests.known_company.oracle.money import Rates
from tests.known_company.oracle.periods import Period
from tests.known_company.oracle.snapshots import Moment, by_payer, end_of

PARTS = (
    "mrr_start",
    "mrr_new",
    "mrr_expansion",
    "mrr_reactivation",
    "mrr_contraction",
    "mrr_churn",
    "mrr_fx",
    "mrr_end",
)
COUNTS = ("subscribers_start", "subscribers_end", "subscribers_retained")


@dataclass(frozen=True)
class Month:
    """A month with what is known at its ends; None is not known."""

    period: Period
    status: str
    start: Moment | None
    end: Moment | None


def months(brand: Brand, moments: dict[date, Moment]) -> list[Month]:
    """Months since the first list."""
    found: list[Month] = []
    start: Moment | None = None
    for period in brand.calendar.periods("month", min(moments), brand.today):
        status, end = end_of(brand, period, moments)
        found.append(Month(period, status, start, end))
        start = end
    return found


def movements(
    brand: Brand, month: Month, moments: dict[date, Moment], rates: Rates
) -> tuple[Decimal | int | None, ...]:
    """Amounts of ``PARTS``, then ``COUNTS``, of a month of which both ends are known."""
    start, end = month.start, month.end
    if start is None or end is None:
        raise ValueError(f"the month from {month.period.start} lacks an end")
    before, after = by_payer(brand, start, rates), by_payer(brand, end, rates)
    carried = by_payer(brand, Moment(end.day, start.balances), rates)
    counts = (len(before), len(after), len(before.keys() & after.keys()))
    if None in (*before.values(), *after.values(), *carried.values()):
        return (*[None] * len(PARTS), *counts)
    paid_before = {
        payer for day, moment in moments.items() if day < start.day for payer, _ in moment.balances
    }
    found = dict.fromkeys(PARTS, Decimal(0))
    for payer in before.keys() | after.keys():
        was, own, becomes = (side.get(payer) or Decimal(0) for side in (carried, before, after))
        found["mrr_start"] += own
        found["mrr_fx"] += was - own
        found["mrr_end"] += becomes
        change = becomes - was
        if payer not in before:
            found["mrr_reactivation" if payer in paid_before else "mrr_new"] += change
        elif payer not in after:
            found["mrr_churn"] -= change
        else:
            found["mrr_expansion" if change > 0 else "mrr_contraction"] += abs(change)
    return (*found.values(), *counts)
