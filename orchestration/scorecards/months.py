"""Months of budgets: ``2026-11``, or ``1405-08`` where the brand has the Jalali calendar."""

from __future__ import annotations

import re
from datetime import date

from connectors.core.text import ascii_digits
from orchestration.scorecards.days import JALALI_YEARS, gregorian_day

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_YEARS = {"gregorian": (1990, 2060), "jalali": JALALI_YEARS}
_EXAMPLES = {"gregorian": "2026-11", "jalali": "1405-08"}


def month_start(text: str, calendar: str) -> date:
    """First day of a month.

    Args:
        text: year and month with a hyphen, in ASCII or Persian digits.
        calendar: ``gregorian`` or ``jalali``, the calendar of the brand.

    Raises:
        ValueError: no month, or one outside the calendar tables, such as a Gregorian year for a Jalali brand.
    """
    found = _MONTH.fullmatch(ascii_digits(text))
    first, last = _YEARS[calendar]
    start = None
    if found is not None and first <= int(found[1]) <= last:
        year, month = int(found[1]), int(found[2])
        start = gregorian_day(year, month, 1) if calendar == "jalali" else date(year, month, 1)
    if start is None:
        raise ValueError(
            f"{text!r} is no month of the brand's {calendar} calendar; write year and month, such as "
            f"{_EXAMPLES[calendar]}"
        )
    return start
