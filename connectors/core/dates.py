"""Dates in Gregorian, Jalali and Excel spelling, parsed by DuckDB expressions (arguments ``expr`` are SQL).

A text that isn't a date under the declared calendar and formats gives null, never a guess: years 1300 to
1500 are Jalali, 1900 to 2100 Gregorian, any other year is refused, and so is a day that its month doesn't
have. Results are local: :func:`to_utc_sql` places them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from connectors.core.sql import literal, literals
from connectors.core.text import fold_sql


class Calendar(StrEnum):
    """Calendar of a date column; ``auto`` tells them apart by the year, and so wants four digits of it."""

    GREGORIAN = "gregorian"
    JALALI = "jalali"
    AUTO = "auto"


JALALI_MONTHS = (
    "فروردین",
    "اردیبهشت",
    "خرداد",
    "تیر",
    "مرداد",
    "شهریور",
    "مهر",
    "آبان",
    "آذر",
    "دی",
    "بهمن",
    "اسفند",
)
_MATCHED_MONTHS = tuple(name.replace("آ", "ا") for name in JALALI_MONTHS)

_ISO = r"^(19\d{2}|20\d{2}|2100)-\d{2}-\d{2}( \d{2}:\d{2}:\d{2})?$"
_TIME = r"(?:[ T,،-]+(?:ساعت )?(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d{1,6})?)\d*)?)?"
_TIME_FIELDS = ("hour", "minute", "second")
_DAY_PATTERNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (rf"^(\d{{4}}|\d{{2}})[/.-](\d{{1,2}})[/.-](\d{{1,2}}){_TIME}$", ("year", "month", "day", *_TIME_FIELDS)),
    (
        rf"^(\d{{1,2}}) ([آ-ی]+)(?: ماه)?[،,]? (\d{{4}}|\d{{2}}){_TIME}$",
        ("day", "name", "year", *_TIME_FIELDS),
    ),
    (r"^(\d{4})(\d{2})(\d{2})$", ("year", "month", "day")),
)
_SEVEN_DIGITS = (
    (r"^(\d{4})(\d)(\d{2})$", ("year", "month", "day")),
    (r"^(\d{4})(\d{2})(\d)$", ("year", "month", "day")),
)
_DIRECTIVES: Mapping[str, tuple[str, str]] = {
    "Y": (r"(\d{4})", "year"),
    "y": (r"(\d{2})", "year"),
    "m": (r"(\d{1,2})", "month"),
    "d": (r"(\d{1,2})", "day"),
    "B": (r"([آ-ی]+)", "name"),
    "H": (r"(\d{1,2})", "hour"),
    "M": (r"(\d{1,2})", "minute"),
    "S": (r"(\d{1,2}(?:\.\d{1,6})?)", "second"),
}


def timestamp_sql(expr: str, *, formats: Sequence[str] = (), calendar: Calendar = Calendar.AUTO) -> str:
    """SQL of the local TIMESTAMP in a text, or null.

    Args:
        expr: a VARCHAR expression; digits of any of the three scripts.
        formats: strptime formats; empty for year-month-day spellings with an optional time, ``10 آبان 1405``,
            and integers of 7 or 8 digits (7 only where one reading is a date).
        calendar: calendar of the year; two-digit years need ``jalali`` (50 and above are 13xx) or a Gregorian
            format.

    Raises:
        ValueError: a format has a directive that Jalali dates don't know.
    """
    if formats and calendar is not Calendar.JALALI:
        read = f"try_strptime(t, {literals(formats)})"
        checked = _let("v", read, "case when year(v) between 1900 and 2100 then v end")
        return _let("t", fold_sql(expr), checked)
    if formats:
        found = [_parsed(*_pattern(each), calendar) for each in formats]
    else:
        short, long = (_parsed(*pattern, calendar) for pattern in _SEVEN_DIGITS)
        one_reading = f"case when {short} is null or {long} is null then coalesce({short}, {long}) end"
        seven = f"case when length(t) = 7 then {one_reading} end"
        found = [*(_parsed(*pattern, calendar) for pattern in _DAY_PATTERNS), seven]
    slow = _let("t", fold_sql(expr), f"coalesce({', '.join(found)})")
    if formats or calendar is Calendar.JALALI:
        return slow
    is_iso = f"regexp_matches({expr}, {literal(_ISO)})"
    return f"case when {is_iso} then try_cast({expr} as timestamp) else {slow} end"


def date_sql(expr: str, *, formats: Sequence[str] = (), calendar: Calendar = Calendar.AUTO) -> str:
    """SQL of the DATE in a text, a time of day ignored; see :func:`timestamp_sql`."""
    return f"cast({timestamp_sql(expr, formats=formats, calendar=calendar)} as date)"


def excel_timestamp_sql(expr: str) -> str:
    """SQL of the local TIMESTAMP of an Excel serial number (days since 1899-12-30), or null.

    Serials below 61 are refused: Excel counts a 29 February 1900 there. Times are rounded to the second.
    """
    serial = f"try_cast({expr} as double)"
    value = f"timestamp '1899-12-30' + to_seconds(cast(round({serial} * 86400) as bigint))"
    return f"case when {serial} >= 61 and {serial} < 73415 then {value} end"


def to_utc_sql(expr: str, zone: str) -> str:
    """SQL that turns a local TIMESTAMP of an IANA zone into a UTC TIMESTAMP."""
    if zone == "UTC":
        return expr
    # The second conversion needs no calendar: epoch_us is UTC already.
    return f"make_timestamp(epoch_us(timezone({literal(zone)}, {expr})))"


def jalali_date_sql(year: str, month: str, day: str) -> str:
    """SQL of the DATE of Jalali integers; null if there is no such day or the year isn't in 1300 to 1500."""
    before = f"(case when {month} <= 7 then ({month} - 1) * 31 else 186 + ({month} - 7) * 30 end)"
    start = _days_before_year(year)
    esfand = f"{_days_before_year(f'({year} + 1)')} - {start} - 336"
    length = f"(case when {month} <= 6 then 31 when {month} <= 11 then 30 else {esfand} end)"
    valid = f"{year} between 1300 and 1500 and {month} between 1 and 12 and {day} between 1 and {length}"
    return f"case when {valid} then date '1921-03-21' + cast({start} + {before} + {day} - 1 as integer) end"


def _days_before_year(year: str) -> str:
    """SQL of the days from 1 Farvardin 1300 to 1 Farvardin of ``year``.

    8 leap years in 33 hold for 1300 to 1500.
    """
    return f"(365 * ({year} - 1300) + (8 * {year} + 21) // 33 - 315)"


def _let(name: str, value: str, body: str) -> str:
    """SQL that evaluates ``value`` once under a name."""
    return f"list_transform([{value}], lambda {name}: {body})[1]"


def _pattern(format_: str) -> tuple[str, tuple[str, ...]]:
    """Regular expression and fields of a strptime format."""
    fields: list[str] = []
    pattern = ""
    for part in re.findall(r"%.|[^%]+|%$", format_):
        if part.startswith("%"):
            directive = part[1:]
            if directive not in _DIRECTIVES:
                known = ", ".join(f"%{each}" for each in _DIRECTIVES)
                raise ValueError(
                    f"date format {format_!r}: {part} is unknown for Jalali dates; known are {known}"
                )
            group, name = _DIRECTIVES[directive]
            pattern += group
            fields.append(name)
        else:
            pattern += re.escape(part).replace("/", "[/]")
    return f"^{pattern}$", tuple(fields)


def _parsed(pattern: str, fields: tuple[str, ...], calendar: Calendar) -> str:
    """SQL of the TIMESTAMP in the text ``t`` by one pattern, or null."""
    names = literals(fields)

    def number(name: str) -> str:
        return f"try_cast(p.{name} as integer)"

    year = number("year")
    if calendar is Calendar.JALALI:
        century = f"(case when length(p.year) = 4 then 0 when {year} < 50 then 1400 else 1300 end)"
        year = f"{year} + {century}"
    month = number("month")
    if "name" in fields:
        bare = "replace(replace(p.name, 'آ', 'ا'), 'امرداد', 'مرداد')"
        month = f"list_position({literals(_MATCHED_MONTHS)}, {bare})"
    parts = f"{{'y': {year}, 'm': {month}, 'd': {number('day')}}}"
    jalali = jalali_date_sql("q.y", "q.m", "q.d")
    civil = "try_cast(printf('%04d-%02d-%02d', q.y, q.m, q.d) as date)"
    gregorian = f"case when q.y between 1900 and 2100 then {civil} end"
    chosen = {
        Calendar.JALALI: jalali,
        Calendar.GREGORIAN: gregorian,
        Calendar.AUTO: f"case when q.y > 1500 then {gregorian} else {jalali} end",
    }[calendar]
    moment = f"cast({_let('q', parts, chosen)} as timestamp)"
    if "hour" in fields:
        moment = f"{moment} + {_time_of_day(fields)}"
    found = _let("p", f"regexp_extract(t, {literal(pattern)}, {names})", moment)
    return f"case when regexp_matches(t, {literal(pattern)}) then {found} end"


def _time_of_day(fields: tuple[str, ...]) -> str:
    """SQL of the INTERVAL since midnight of the parts ``p``; null if there is no such time."""
    hour = "coalesce(try_cast(p.hour as integer), 0)"
    minute = "coalesce(try_cast(p.minute as integer), 0)" if "minute" in fields else "0"
    second = "coalesce(try_cast(p.second as double), 0)" if "second" in fields else "0"
    micros = f"cast(round(({hour} * 3600 + {minute} * 60 + {second}) * 1000000) as bigint)"
    return f"(case when {hour} < 24 and {minute} < 60 and {second} < 60 then to_microseconds({micros}) end)"
