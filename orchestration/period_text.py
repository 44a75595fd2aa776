"""Periods as people type them: 2026-11, 2026-11-03, 2026-W45, 2026-Q4, Jalali 1405-08; Persian digits too.

A year below 1700 is Jalali. Which days a period has follows the brand's own calendar, week start and fiscal
year, as ``dim_period`` says: a week number is the brand's week that holds the Thursday of that ISO week, a
quarter is the one that labels call so (``FY2026/27 Q1`` is typed 2026-Q1). Anything else is a
:class:`LookupFailure`, which says what would do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from connectors.core.text import fold
from orchestration.errors import LookupFailure
from orchestration.ledger import GRAINS
from orchestration.published_reader import rows_of

FORMS = "2026-11 (month), 2026-11-03 (day), 2026-W45 (week), 2026-Q4 (quarter)"
JALALI_FORMS = "1405-08 (month), 1405-08-12 (day), 2026-W45 (week), 1405-Q3 (quarter)"
FIRST_GREGORIAN_YEAR = 1700
_FORMS = (
    ("day", re.compile(r"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})")),
    ("month", re.compile(r"(?P<year>\d{4})[-/](?P<month>\d{1,2})")),
    ("week", re.compile(r"(?P<year>\d{4})[- ]?[Ww](?P<week>\d{1,2})")),
    ("quarter", re.compile(r"(?P<year>\d{4})[- ]?[Qq](?P<quarter>[1-4])")),
)


@dataclass(frozen=True, kw_only=True)
class Period:
    """One period of a brand's calendar, half-open ``[start, end)``."""

    grain: str
    start: date
    end: date
    label_en: str
    label_fa: str


def find_period(
    con: duckdb.DuckDBPyConnection, brand: dict[str, Any], text: str, *, grain: str | None = None
) -> Period:
    """The period that ``text`` names.

    Args:
        con: the published file.
        brand: row of ``dim_brand``.
        text: as typed.
        grain: with a day, the period of that grain which holds it.

    Raises:
        LookupFailure: it is no period, or none of the brand's calendar.
    """
    typed = fold(text)
    for form, pattern in _FORMS:
        match = pattern.fullmatch(typed)
        if match:
            parts = {name: int(value) for name, value in match.groupdict().items()}
            _require_fitting(con, brand, text, form, parts, grain=grain)
            found = _lookup(con, brand, form, parts, grain=grain)
            if not found:
                raise LookupFailure(
                    f"{text} is no {form} of the calendar, which reaches from 1990 to 2060; mend it."
                )
            return found[0]
    forms = JALALI_FORMS if brand["calendar"] == "jalali" else FORMS
    raise LookupFailure(f"{text} is no period. For {brand['brand_id']} write {forms}; Persian digits do too.")


def _require_fitting(
    con: duckdb.DuckDBPyConnection,
    brand: dict[str, Any],
    text: str,
    form: str,
    parts: dict[str, int],
    *,
    grain: str | None,
) -> None:
    if grain is not None and form not in {grain, "day"}:
        raise LookupFailure(
            f"{text} is a {form}, and --grain asks for a {grain}. Leave --grain out, or name a day, and the "
            f"{grain} that holds it is shown."
        )
    is_jalali = parts["year"] < FIRST_GREGORIAN_YEAR
    if form == "week" and is_jalali:
        raise LookupFailure(
            f"{text}: weeks are numbered by the ISO calendar (2026-W45). Name a day of the week with "
            "--grain week instead."
        )
    if form in {"month", "quarter"} and is_jalali != (brand["calendar"] == "jalali"):
        raise LookupFailure(_other_calendar(con, brand, text, parts, is_jalali=is_jalali))


def _lookup(
    con: duckdb.DuckDBPyConnection,
    brand: dict[str, Any],
    form: str,
    parts: dict[str, int],
    *,
    grain: str | None,
) -> list[Period]:
    year = parts["year"]
    if form == "quarter":
        labels = [f"{year} Q{parts['quarter']}", f"FY{year}/% Q{parts['quarter']}"]
        return _periods(con, brand, "grain = 'quarter' and (label_en = ? or label_en like ?)", labels)
    if form == "week":
        thursday = _day(con, "iso_year = ? and iso_week = ? and iso_weekday = 4", year, parts["week"])
        return _holding(con, brand, "week", thursday)
    calendar = "jalali_" if year < FIRST_GREGORIAN_YEAR else ""
    condition = f"{calendar}year = ? and {calendar}month = ? and {calendar}day = ?"
    day = _day(con, condition, year, parts["month"], parts.get("day", 1))
    return _holding(con, brand, grain or form, day)


def _other_calendar(
    con: duckdb.DuckDBPyConnection,
    brand: dict[str, Any],
    text: str,
    parts: dict[str, int],
    *,
    is_jalali: bool,
) -> str:
    typed, own = ("Jalali", "Gregorian") if is_jalali else ("Gregorian", "Jalali")
    said = f"{text} is a {typed} period, and the periods of {brand['brand_id']} are {own}."
    calendar = "jalali_" if is_jalali else ""
    month = parts.get("month", 3 * parts.get("quarter", 1) - 2)
    day = _day(con, f"{calendar}year = ? and {calendar}month = ? and {calendar}day = 1", parts["year"], month)
    grain = "month" if "month" in parts else "quarter"
    near = _holding(con, brand, grain, day)
    if not near or day is None:
        return f"{said} Write {FORMS if is_jalali else JALALI_FORMS}."
    if own == "Gregorian":
        form = f"{near[0].start:%Y-%m}" if grain == "month" else near[0].label_en.replace(" ", "-")
    else:
        [own_day] = rows_of(con, "select * from marts.dim_date where calendar_date = ?", [near[0].start])
        form = f"{own_day['jalali_year']}-{own_day['jalali_month']:02d}"
        if grain == "quarter":
            form = near[0].label_en.replace(" ", "-")
    return f"{said} Its first day lies in {form} ({near[0].label_en}); ask for that, or for a day."


def _day(con: duckdb.DuckDBPyConnection, condition: str, *values: int) -> date | None:
    found = con.execute(f"select calendar_date from marts.dim_date where {condition}", values).fetchone()
    return found[0] if found else None


def _holding(
    con: duckdb.DuckDBPyConnection, brand: dict[str, Any], grain: str, day: date | None
) -> list[Period]:
    if day is None:
        return []
    return _periods(con, brand, "grain = ? and period_start <= ? and period_end > ?", [grain, day, day])


def _periods(
    con: duckdb.DuckDBPyConnection, brand: dict[str, Any], condition: str, values: list[Any]
) -> list[Period]:
    rows = rows_of(
        con,
        'select grain, period_start as start, period_end as "end", label_en, label_fa from marts.dim_period '
        f"where calendar_key = ? and {condition} order by period_start",
        [brand["calendar_key"], *values],
    )
    return [Period(**row) for row in rows]


def fact_of(grain: str) -> str:
    """The KPI table of a grain."""
    return f"marts.fct_kpi_{GRAINS[grain]}"
