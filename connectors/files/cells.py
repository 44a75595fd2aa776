"""Text cells as typed values: SQL expressions by declared type and the rules of a source.

An expression gives null for a cell that can't be read; the caller tells that from an empty cell. There are
two of each: :func:`typed_cell` reads every spelling, :func:`plain_cell` only the plain one, at a fraction of
the cost.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from connectors.core.dates import Calendar, date_sql, excel_timestamp_sql, timestamp_sql, to_utc_sql
from connectors.core.sql import literal, literals
from connectors.core.stream import Column, Type
from connectors.core.text import INVISIBLE, SPACES, fold_sql, number_sql

_YES = ("true", "t", "yes", "y", "1", "بله", "بلی", "آری", "درست")
_NO = ("false", "f", "no", "n", "0", "خیر", "نه", "نادرست")
_PLAIN_MOMENT = r"^(19\d{2}|20\d{2}|2100)-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?$"
_EXCEL_SERIAL = r"^\d{5}(\.\d+)?$"


@dataclass(frozen=True, kw_only=True)
class CellRules:
    """How a source writes values.

    Attributes:
        decimal: decimal mark. thousands: marks between digit groups, one per character.
        percent: columns written in percent points.
        na_values: cells that mean "no value", compared without case.
        date_formats: strptime formats; empty for the usual spellings. calendar: declared calendar, if any.
        zone: IANA zone of moments that don't say theirs.
    """

    decimal: str
    thousands: str
    percent: Collection[str]
    na_values: tuple[str, ...]
    date_formats: tuple[str, ...]
    calendar: str | None
    zone: str

    def day_of(self, moment: str, type_: Type) -> str:
        """SQL of the source-local DATE of a typed cursor expression."""
        if type_ is Type.DATE or self.zone == "UTC":
            return f"cast({moment} as date)"
        return f"cast(timezone({literal(self.zone)}, timezone('UTC', {moment})) as date)"


def cell_text(expr: str, rules: CellRules) -> str:
    """SQL of a cell's text without surrounding blanks and invisible marks; null where it means "no value"."""
    # A trim over a set of characters costs ten times the plain one, which does for ASCII (length in bytes =
    # length); to see that nothing is to be trimmed costs half of that.
    blanks = literal(" \r\n" + SPACES + INVISIBLE)
    is_ascii = f"strlen({expr}) = length({expr})"
    trimmed = f"nullif(case when {is_ascii} then trim({expr}) else trim({expr}, {blanks}) end, '')"
    text = (
        f"case when {is_ascii} and {expr} > '!' and not ends_with({expr}, ' ') then {expr} else {trimmed} end"
    )
    if not rules.na_values:
        return text
    empty = literals([value.strip().lower() for value in rules.na_values])
    return f"case when not list_contains({empty}, lower({text})) then {text} end"


def unmeant(expr: str, rules: CellRules) -> str:
    """SQL of a raw cell, null where it means "no value"; for types that don't mind blanks around it."""
    if not rules.na_values:
        return expr
    empty = literals([value.strip().lower() for value in rules.na_values])
    return f"case when not list_contains({empty}, lower(trim({expr}))) then {expr} end"


def typed_cell(text: str, column: Column, rules: CellRules) -> str:
    """SQL of the value of a cell's ``text`` as the type of ``column``; null where it can't be read."""
    match column.type:
        case Type.STRING:
            return text
        case Type.BOOLEAN:
            word = f"lower({fold_sql(text)})"
            return (
                f"case when list_contains({literals(_YES)}, {word}) then true "
                f"when list_contains({literals(_NO)}, {word}) then false end"
            )
        case Type.DATE:
            return _date(text, rules)
        case Type.INSTANT:
            return _instant(text, rules)
        case _:
            return number_sql(
                text,
                column.type.sql,
                decimal=rules.decimal,
                thousands=rules.thousands,
                percent=column.name in rules.percent,
            )


def plain_cell(text: str, column: Column, rules: CellRules) -> str:
    """SQL as of :func:`typed_cell`, but null too where reading the cell takes more than a cast."""
    match column.type:
        case Type.STRING:
            return text
        case Type.DATE | Type.INSTANT if rules.calendar != Calendar.JALALI:
            local = _plain_moment(text, rules)
            return f"cast({local} as date)" if column.type is Type.DATE else to_utc_sql(local, rules.zone)
        case Type.INTEGER | Type.NUMBER | Type.DECIMAL | Type.MONEY | Type.RATE if (
            column.name not in rules.percent
        ):
            if rules.decimal == "." and column.type in {Type.DECIMAL, Type.MONEY, Type.RATE}:
                # The engine's own decimals: point, sign, exponent; an underscore it would read over.
                return f"case when not contains({text}, '_') then try_cast({text} as {column.type.sql}) end"
            fraction = r"(\.[0-9]+)?" if rules.decimal == "." and column.type is not Type.INTEGER else ""
            is_plain = f"regexp_matches({text}, {literal(f'^-?[0-9]+{fraction}$')})"
            return f"try_cast(case when {is_plain} then {text} end as {column.type.sql})"
        case _:
            return typed_cell(text, column, rules)


def _plain_moment(text: str, rules: CellRules) -> str:
    if rules.date_formats:
        moment = f"try_strptime({text}, {literals(rules.date_formats)})"
        return f"case when year({moment}) between 1900 and 2100 then {moment} end"
    # Most moments have this one form; to recognise it so costs half of the expression.
    moment = f"try_cast({text} as timestamp)"
    usual = (
        f"{text} like '____-__-__ __:__:__' and {text} > '19' and {text} < '2101' "
        f"and not ends_with({text}, 'Z')"
    )
    is_plain = f"regexp_matches({text}, {literal(_PLAIN_MOMENT)})"
    return f"case when {usual} then {moment} when {is_plain} then {moment} end"


def _calendar(rules: CellRules) -> Calendar:
    return Calendar(rules.calendar) if rules.calendar else Calendar.AUTO


def _moment(text: str, rules: CellRules) -> str:
    """SQL of the local TIMESTAMP of ``text``."""
    if rules.date_formats:
        return timestamp_sql(text, formats=rules.date_formats, calendar=_calendar(rules))
    usual = timestamp_sql(text, calendar=_calendar(rules))
    serial = (
        f"case when regexp_matches({text}, {literal(_EXCEL_SERIAL)}) then {excel_timestamp_sql(text)} end"
    )
    if rules.calendar == Calendar.JALALI:
        return f"coalesce({usual}, {serial})"
    plain = f"try_cast({text} as timestamp)"
    return f"coalesce(case when year({plain}) between 1900 and 2100 then {plain} end, {usual}, {serial})"


def _date(text: str, rules: CellRules) -> str:
    if rules.date_formats:
        return date_sql(text, formats=rules.date_formats, calendar=_calendar(rules))
    return f"cast({_moment(text, rules)} as date)"


def _instant(text: str, rules: CellRules) -> str:
    """SQL of the UTC TIMESTAMP; a text with an offset places itself."""
    local = to_utc_sql(_moment(text, rules), rules.zone)
    if rules.date_formats:
        return local
    offset = " or ".join(
        f"{text} like '%:__%{ending}'" for ending in ("Z", "+__:__", "-__:__", "+__", "+____")
    )
    return f"case when {offset} then try_cast({text} as timestamp) else {local} end"
