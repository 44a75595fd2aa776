"""Months of budgets: ``2026-11``, or ``1405-08`` where the brand has the Jalali calendar."""

from __future__ import annotations

import re
from datetime import date

from connectors.core.text import ascii_digits

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_YEARS = {"gregorian": (1990, 2060), "jalali": (1369, 1439)}
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
    if found is None or not first <= int(found[1]) <= last:
        raise ValueError(
            f"{text!r} is no month of the brand's {calendar} calendar; write year and month, such as "
            f"{_EXAMPLES[calendar]}"
        )
    year, month = int(found[1]), int(found[2])
    if calendar == "jalali":
        from jdatetime import date as jalali_date  # noqa: PLC0415 - most workspaces have no Jalali budget

        day: date = jalali_date(year, month, 1).togregorian()
        return day
    return date(year, month, 1)
