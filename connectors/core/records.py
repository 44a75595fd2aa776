"""Rows of an API become Arrow as they came, and typed columns by SQL: what can't be read is an error.

In: :class:`~connectors.core.feed.Batch` es of text, numbers, booleans and None. Out: Arrow batches of one
layout per wire type, and the SELECT that casts them to the declared types. A value that isn't of its type
raises SourceDataError with column and masked value; it never becomes null. Empty text is no value, except in
text columns. Dates are ``YYYY-MM-DD`` or ``YYYYMMDD``; moments are ISO 8601 with zone (UTC without one) or
milliseconds since 1970.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from connectors.core.errors import SourceDataError
from connectors.core.feed import Batch
from connectors.core.rejects import mask
from connectors.core.sql import identifier
from connectors.core.stream import Column, Stream, Type


class Columnar:
    """Gathers batches of one stream by column, and gives them as Arrow with all declared columns.

    Attributes:
        supplied: declared columns that at least one batch had.
        extras: other columns, in the order they came.
        rows: rows gathered and not taken yet.
    """

    def __init__(self, stream: Stream) -> None:
        self.supplied: set[str] = set()
        self.extras: dict[str, None] = {}
        self.rows = 0
        self._declared = {column.name: column.type for column in stream.columns}
        self._values: dict[str, list[object]] = {}

    def add(self, batch: Batch) -> None:
        """Gather ``batch``; a column that it lacks is null in its rows."""
        length = len(batch)
        for name, values in batch.columns.items():
            if name not in self._values:
                self._values[name] = [None] * self.rows
            self._values[name].extend(values)
        self.rows += length
        if len(batch.columns) < len(self._values):
            for values_so_far in self._values.values():
                values_so_far.extend([None] * (self.rows - len(values_so_far)))

    def take(self) -> pa.Table:
        """What was gathered, declared columns first; one that wasn't supplied is null text."""
        self.supplied |= self._declared.keys() & self._values.keys()
        self.extras.update(dict.fromkeys(name for name in self._values if name not in self._declared))
        nothing = pa.nulls(self.rows, pa.string())
        names = [*self._declared, *self.extras]
        arrays = [
            _array(self._values[name], self._declared.get(name, Type.STRING))
            if name in self._values
            else nothing
            for name in names
        ]
        self._values, self.rows = {}, 0
        return pa.table(arrays, names=names)


def _array(values: Sequence[object], type_: Type) -> pa.Array:
    """Values as they are where their type is one of the column's own, else as text, to be read or refused."""
    try:
        array = pa.array(values, None if type_ in _OWN_TYPES else pa.string())
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError, UnicodeEncodeError):
        array = None
    if array is not None and (pa.types.is_string(array.type) or array.type in _OWN_TYPES.get(type_, ())):
        return array
    return pa.array([None if value is None else _text(value) for value in values], pa.string())


_NUMBERS = (pa.int64(), pa.float64())
_OWN_TYPES: Mapping[Type, tuple[pa.DataType, ...]] = {
    Type.INTEGER: _NUMBERS,
    Type.NUMBER: _NUMBERS,
    Type.DECIMAL: _NUMBERS,
    Type.MONEY: _NUMBERS,
    Type.RATE: _NUMBERS,
    Type.INSTANT: (pa.int64(),),
    Type.BOOLEAN: (pa.bool_(),),
}


def _text(value: object) -> str:
    """As JSON writes it; half of a surrogate pair, as cut texts end in, is no character."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def typed_select(stream: Stream, schema: pa.Schema, relation: str) -> str:
    """SELECT of the declared types over ``relation`` with ``schema``; extras are text."""
    declared = {column.name: column for column in stream.columns}
    parts = [
        f"{_typed(declared[field.name], field.type)} as {identifier(field.name)}"
        if field.name in declared
        else f"cast({identifier(field.name)} as varchar) as {identifier(field.name)}"
        for field in schema
    ]
    return f"select {', '.join(parts)} from {relation}"


def unreadable(
    con: duckdb.DuckDBPyConnection, stream: Stream, schema: pa.Schema, relation: str, *, source: str
) -> SourceDataError | None:
    """The error about the first value of ``relation`` that isn't of its column's type; None if all are."""
    declared = {column.name: column for column in stream.columns}
    for field in schema:
        if field.name not in declared:
            continue
        column = declared[field.name]
        name = identifier(field.name)
        # All of it is fetched: an open result would keep the relation from being dropped.
        rows: list[tuple[Any, ...]] = con.execute(
            f"select cast({name} as varchar) from {relation} where nullif(trim(cast({name} as varchar)), '') "
            f"is not null and try({_typed(column, field.type)}) is null limit 1"
        ).fetchall()
        for row in rows:
            return SourceDataError(
                f"Source {source}, stream {stream.id}: column {column.name} should hold "
                f"{_EXPECTED[column.type]}, but a value looks like {mask(str(row[0]))!r}. The API gives "
                "another type than it did: nothing of this answer was stored, what was stored before is "
                "intact. Report it with this message.",
                column=column.name,
            )
    return None


_EXPECTED = {
    Type.STRING: "text",
    Type.INTEGER: "whole numbers",
    Type.NUMBER: "numbers",
    Type.DECIMAL: "numbers",
    Type.MONEY: "amounts",
    Type.RATE: "rates",
    Type.DATE: "dates",
    Type.INSTANT: "moments",
    Type.BOOLEAN: "true or false",
}


def _typed(column: Column, wire: pa.DataType) -> str:
    """SQL that casts the column from its wire type; an unreadable value is an error of the engine."""
    name = identifier(column.name)
    is_text = pa.types.is_string(wire)
    if column.type is Type.STRING:
        return name
    value = f"nullif(trim({name}), '')" if is_text else name
    match column.type:
        case Type.INTEGER if not pa.types.is_int64(wire):
            return _whole(value, is_text=is_text)
        case Type.DATE:
            compact = f"cast(strptime({value}, '%Y%m%d') as date)"
            return f"case when length({value}) = 8 then {compact} else cast({value} as date) end"
        case Type.INSTANT if pa.types.is_int64(wire):
            return f"epoch_ms({name})"
        case Type.INSTANT:
            # Spaces around a date don't matter to the cast, and to trim them costs as much as it.
            iso = f"cast(cast({name} as timestamptz) as timestamp)"
            # The first dash of a date is behind its year, that of a number in front; a fraction is no count.
            is_iso = f"strpos(ltrim({name}), '-') > 1 or contains({name}, '.')"
            return f"case when {is_iso} then {iso} else epoch_ms(cast({value} as bigint)) end"
        case _:
            return f"cast({value} as {column.type.sql})"


def _whole(value: str, *, is_text: bool) -> str:
    """A whole number from text or a double; a cast alone would round 12.5."""
    number = f"cast({value} as double)"
    refused = f"cast('fraction ' || {value} as bigint)"
    whole = f"case when {number} = trunc({number}) then cast({number} as bigint) else {refused} end"
    if not is_text:
        return whole
    return f"case when contains({value}, '.') then {whole} else cast({value} as bigint) end"
