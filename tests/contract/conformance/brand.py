"""The brand of the suite: what connectors may know of it, with a small calendar."""

from __future__ import annotations

from datetime import date, timedelta

from connectors.core.api import BrandFacts, Period
from connectors.core.window import DateWindow

_WEEK = timedelta(days=7)


def _periods(window: DateWindow) -> list[Period]:
    """Months, and weeks from Saturday, that overlap ``window``."""
    months = sorted({day.replace(day=1) for day in window.days()})
    saturdays = sorted({day - timedelta(days=(day.weekday() + 2) % 7) for day in window.days()})
    return [
        *(Period("month", first, _month_after(first)) for first in months),
        *(Period("week", first, first + _WEEK) for first in saturdays),
    ]


def _month_after(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


BRAND = BrandFacts(
    timezone="Asia/Tehran",
    currency="IRR",
    search_terms=("سیب", "sib"),
    exclude_terms=("sibling",),
    periods=_periods,
)
