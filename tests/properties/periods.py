"""Periods of a day reckoned anew, without the project's calendar: weeks, months and fiscal quarters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

import jdatetime

GRAINS = ("day", "week", "month", "quarter")
CALENDAR_KEYS = ("gregorian-monday-1", "gregorian-saturday-4", "jalali-saturday-1", "gregorian-sunday-7")
"""Calendars that the drawn brands have."""
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ONE_DAY = timedelta(days=1)


@cache
def period_of(key: str, grain: str, day: date) -> tuple[date, date]:
    """First day of the period of ``day``, and the day after its last.

    ``key`` is calendar-week_start-fiscal_year_start, ``grain`` one of ``GRAINS``.
    """
    calendar, week_start, fiscal_start = key.split("-")
    if grain == "day":
        return day, day + ONE_DAY
    if grain == "week":
        start = day - timedelta(days=(day.weekday() - _WEEKDAYS.index(week_start)) % 7)
        return start, start + timedelta(days=7)
    year, month = (day.year, day.month) if calendar == "gregorian" else _jalali(day)
    if grain == "month":
        return _first_of(calendar, year, month), _first_of(calendar, year, month + 1)
    first = month - (month - int(fiscal_start)) % 3
    return _first_of(calendar, year, first), _first_of(calendar, year, first + 3)


def periods_of(key: str, grain: str, first: date, last: date) -> Iterator[tuple[date, date]]:
    """Periods from the one of ``first`` to the one of ``last``."""
    day = first
    while True:
        start, end = period_of(key, grain, day)
        yield start, end
        if end > last:
            return
        day = end


def _jalali(day: date) -> tuple[int, int]:
    found = jdatetime.date.fromgregorian(date=day)
    return found.year, found.month


def _first_of(calendar: str, year: int, month: int) -> date:
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    if calendar == "gregorian":
        return date(year, month, 1)
    return jdatetime.date(year, month, 1).togregorian()
