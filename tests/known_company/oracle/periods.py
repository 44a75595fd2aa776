"""Calendars of the oracle: days, weeks, months and fiscal quarters, Gregorian and Jalali, half-open.

Own arithmetic on ``datetime`` and ``jdatetime``; nothing of the project's calendar is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import jdatetime

GRAINS = ("day", "week", "month", "quarter")
ONE_DAY = timedelta(days=1)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, order=True)
class Period:
    """Days from ``start`` until before ``end``."""

    grain: str
    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def days(self) -> Iterator[date]:
        """Its days, in order."""
        yield from days(self.start, self.end)


@dataclass(frozen=True)
class Calendar:
    """How a brand cuts time.

    Attributes:
        kind: gregorian or jalali.
        week_start: English weekday in lower case.
        fiscal_year_start: month of the calendar with which the fiscal year begins.
    """

    kind: str = "gregorian"
    week_start: str = "monday"
    fiscal_year_start: int = 1

    def period(self, grain: str, day: date) -> Period:
        """The period of ``grain`` that holds ``day``."""
        return _period(self, grain, day)

    def periods(self, grain: str, first: date, last: date) -> Iterator[Period]:
        """Periods that hold any day from ``first`` to ``last``, both inclusive."""
        period = self.period(grain, first)
        while period.start <= last:
            yield period
            period = self.period(grain, period.end)

    def before(self, period: Period) -> Period:
        """The period before."""
        return self.period(period.grain, period.start - ONE_DAY)


def days(start: date, end: date) -> Iterator[date]:
    """Days from ``start`` until before ``end``."""
    while start < end:
        yield start
        start += ONE_DAY


def local_day(moment: datetime, zone: str) -> date:
    """Day of an instant in a zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


def midnight(day: date, zone: str) -> datetime:
    """The UTC instant with which ``day`` begins in a zone."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@cache
def _period(calendar: Calendar, grain: str, day: date) -> Period:
    if grain == "day":
        return Period(grain, day, day + ONE_DAY)
    if grain == "week":
        start = day - timedelta(days=(day.weekday() - _WEEKDAYS.index(calendar.week_start)) % 7)
        return Period(grain, start, start + timedelta(days=7))
    year, month = _year_and_month(calendar, day)
    if grain == "month":
        return Period(grain, _first_of(calendar, year, month), _first_of(calendar, year, month + 1))
    if grain == "quarter":
        month -= (month - calendar.fiscal_year_start) % 3
        return Period(grain, _first_of(calendar, year, month), _first_of(calendar, year, month + 3))
    raise ValueError(f"no grain {grain}")


def _year_and_month(calendar: Calendar, day: date) -> tuple[int, int]:
    if calendar.kind == "jalali":
        jalali = jdatetime.date.fromgregorian(date=day)
        return jalali.year, jalali.month
    return day.year, day.month


def _first_of(calendar: Calendar, year: int, month: int) -> date:
    """First day of a month; months before 1 and after 12 are those of the years around."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    if calendar.kind == "jalali":
        first: date = jdatetime.date(year, month, 1).togregorian()
        return first
    return date(year, month, 1)
