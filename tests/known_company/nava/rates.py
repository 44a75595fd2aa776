"""Rates of foreign money in rial, one a working day, with a gap longer than a rate may be carried."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from tests.known_company.clock import END, RUNS, START
from tests.known_company.nava.exports import Drop, days_from, table
from tests.known_company.oracle.money import Rates

SOURCE = "nava_rates"
GAP = (date(2025, 5, 11), date(2025, 5, 22))
"""Days without a rate, both inclusive: the last rate is of 10 May, so 18 to 22 May have none."""
CORRECTED = date(2025, 9, 14)
"""A day whose rate the first file has wrong."""


@cache
def quotes() -> dict[date, Decimal]:
    """Rial for one US dollar by day; Fridays have none."""
    days = [day for day in days_from(START, END) if day.weekday() != 4]
    return {
        day: Decimal(500_000) + 731 * index + Decimal(index % 7) / 8
        for index, day in enumerate(days)
        if not GAP[0] <= day <= GAP[1]
    }


def rates() -> Rates:
    """What is true after the last run."""
    return Rates({("USD", "IRR"): quotes()})


@cache
def drops(run: int) -> tuple[Drop, ...]:
    """A first file with one wrong rate, then the days since, the correction among them."""
    after = date.min if run == 0 else RUNS[run - 1].date()
    rows = []
    for day, rate in quotes().items():
        known = after <= day < RUNS[run].date() - timedelta(days=run == 2)
        if known or (run == 1 and day == CORRECTED):
            shown = rate * 10 if run == 0 and day == CORRECTED else rate
            rows.append((day.isoformat(), "USD", "IRR", shown))
    return (Drop(f"rates/{run}.csv", table(("Date", "From", "To", "Rate"), rows)),)
