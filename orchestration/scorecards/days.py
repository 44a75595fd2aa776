"""Days of plans: ``2026-01-01``, or ``1405-01-01`` where the brand has the Jalali calendar."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from connectors.core.text import ascii_digits

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_FIRST_GREGORIAN_YEAR = 1700
"""Years before it are read as Jalali ones: no plan is that old, and no Jalali plan that far away."""
JALALI_YEARS = (1369, 1439)
"""First and last one of the calendar tables."""


def plan_day(written: object, calendar: str) -> date:
    """The day that was written.

    Args:
        written: what YAML made of it: a date, or text where its digits are Persian or the Gregorian calendar
            has no such day, as 1405-02-31.
        calendar: ``gregorian`` or ``jalali``, the calendar of the brand.

    Raises:
        ValueError: no day, or one of another calendar than the brand's.
    """
    is_midnight = isinstance(written, datetime) and written.time() == time.min
    text = str(written.date() if isinstance(written, datetime) and is_midnight else written).strip()
    found = _DAY.fullmatch(ascii_digits(text))
    example = "2026-03-21" if calendar == "gregorian" else "1405-01-01 or 2026-03-21"
    if found is None:
        raise ValueError(f"{text!r} is no day; write year, month and day, such as {example}")
    parts = int(found[1]), int(found[2]), int(found[3])
    if parts[0] >= _FIRST_GREGORIAN_YEAR:
        try:
            return date(*parts)
        except ValueError as error:
            raise ValueError(f"{text!r} is no day: {error}; write one such as {example}") from error
    day = gregorian_day(*parts)
    if day is None:
        raise ValueError(f"{text!r} is no day; write one such as {example}")
    if calendar != "jalali":
        raise ValueError(
            f"{text!r} is a Jalali day, and the brand has the Gregorian calendar; write it as {day}, or give "
            "the brand `calendar: jalali`"
        )
    return day


def gregorian_day(year: int, month: int, day: int) -> date | None:
    """A Jalali day as a Gregorian one; None where there is no such day in the calendar tables."""
    from jdatetime import date as jalali_date  # noqa: PLC0415 - most workspaces have no Jalali plan

    if not JALALI_YEARS[0] <= year <= JALALI_YEARS[1]:
        return None
    try:
        found: date = jalali_date(year, month, day).togregorian()
    except ValueError:
        return None
    return found
