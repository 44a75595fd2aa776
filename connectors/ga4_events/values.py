"""Values of the export as typed SQL: texts, whole numbers, amounts and flags, whatever type the file has.

JSON writes 64-bit integers as text and BigQuery puts a number now in ``int_value``, now in ``double_value``.
A value that is no number, or too large, gives null; the caller records that there was one.
"""

from __future__ import annotations

from connectors.core.sql import literal
from connectors.core.stream import Type
from connectors.ga4_events.shape import ShapeError, Value

_INTEGERS = frozenset({"tinyint", "smallint", "integer", "bigint", "utinyint", "usmallint", "uinteger"})
_FRACTIONS = frozenset({"float", "double", "decimal", "ubigint", "hugeint"})
_WHOLE = r"^-?[0-9]{1,19}(\.0+)?$"
_NUMBER = r"^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$"
_MAIL = r"[^/?#&=]*(?:@|%40)[^/?#&=]*\.[^/?#&=]*"
_KEPT = "^(?i:utm_[a-z0-9_]+|gclid|gbraid|wbraid|dclid|srsltid|fbclid|msclkid|ttclid|twclid|li_fat_id)="


def typed(value: Value, type_: Type) -> str:
    """SQL of ``value`` as ``type_``; null where it can't be read.

    Raises:
        ShapeError: the file has a type there that never fits.
    """
    match type_:
        case Type.STRING:
            text = value.sql if value.type == "varchar" else f"cast({value.sql} as varchar)"
            return f"nullif({text}, '')"
        case Type.INTEGER:
            found = _whole(value)
        case Type.MONEY | Type.DECIMAL:
            found = _amount(value)
        case Type.BOOLEAN:
            found = {"boolean": value.sql, "varchar": f"try_cast({value.sql} as boolean)"}.get(value.type)
        case _:
            found = None
    if found is None:
        raise ShapeError(
            f"{value.path} is {value.type.upper()}, but the export has a value of type {type_} there"
        )
    return found


def may_fail(value: Value, type_: Type) -> bool:
    """Whether :func:`typed` may give null for a value that is there."""
    return not (
        type_ is Type.STRING
        or (type_ is Type.INTEGER and value.type in _INTEGERS)
        or (type_ is Type.BOOLEAN and value.type == "boolean")
    )


def first(expressions: list[str], type_: Type) -> str:
    """SQL of the first value that is filled; a null of ``type_`` without any."""
    if not expressions:
        return f"cast(null as {type_.sql})"
    return expressions[0] if len(expressions) == 1 else f"coalesce({', '.join(expressions)})"


def day_sql(value: Value) -> str:
    """SQL of the DATE in a text YYYYMMDD or YYYY-MM-DD, or of a date; null where it is none."""
    if value.type == "date":
        return value.sql
    digits = f"replace(cast({value.sql} as varchar), '-', '')"
    return f"case when length({digits}) = 8 then cast(try_strptime({digits}, '%Y%m%d') as date) end"


def address_sql(text: str) -> str:
    """SQL of a page address without query and fragment, but for campaign parameters and click ids."""
    base = f"split_part(split_part({text}, '?', 1), '#', 1)"
    parts = f"string_split(replace(replace({text}, '?', '&'), '#', '&'), '&')[2:]"
    kept = f"array_to_string(list_filter({parts}, lambda p: regexp_matches(p, {literal(_KEPT)})), '&')"
    # A CASE that spares the short addresses this would double the cost of the long ones.
    return f"rtrim({base} || '?' || {kept}, '?')"


def masked_sql(text: str) -> str:
    """SQL of a page address in which ``(e-mail)`` stands for what looks like an e-mail address."""
    masked = f"regexp_replace({text}, {literal(_MAIL)}, '(e-mail)', 'g')"
    return f"case when contains({text}, '@') or contains({text}, '%40') then {masked} else {text} end"


def without_addresses_sql(text: str) -> str:
    """SQL of a text, null where it holds an e-mail address."""
    return f"case when not contains({text}, '@') then {text} end"


def _whole(value: Value) -> str | None:
    if value.type in _INTEGERS:
        return f"cast({value.sql} as bigint)"
    if value.type in _FRACTIONS:
        return f"case when {value.sql} = floor({value.sql}) then try_cast({value.sql} as bigint) end"
    if value.type == "varchar":
        digits = f"split_part({value.sql}, '.', 1)"
        return (
            f"case when regexp_matches({value.sql}, {literal(_WHOLE)}) then try_cast({digits} as bigint) end"
        )
    return None


def _amount(value: Value) -> str | None:
    if value.type in _INTEGERS | _FRACTIONS:
        return f"try_cast({value.sql} as decimal(18, 6))"
    if value.type == "varchar":
        is_number = f"regexp_matches({value.sql}, {literal(_NUMBER)})"
        return f"case when {is_number} then try_cast({value.sql} as decimal(18, 6)) end"
    return None
