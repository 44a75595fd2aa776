"""The rows of one file, flattened to the columns of the stream: one SELECT, in one pass over the file.

An event without day, moment or name ends the SELECT with record number and reason, as ``reading.refused``
reads them; any other value that can't be read becomes null and is named in ``unreadable_values``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from connectors.core.errors import SchemaError
from connectors.core.sql import identifier, literal
from connectors.core.stream import Type
from connectors.files.money import Money
from connectors.ga4_events.fields import ADDRESSES, AMOUNTS, PLACES, VALUE_FIELDS
from connectors.ga4_events.reading import OTHER_DAY, Opened
from connectors.ga4_events.shape import ShapeError, Value
from connectors.ga4_events.streams import EVENTS
from connectors.ga4_events.tables import Export
from connectors.ga4_events.values import (
    address_sql,
    day_sql,
    first,
    masked_sql,
    may_fail,
    typed,
    without_addresses_sql,
)


@dataclass(frozen=True, kw_only=True)
class Flattening:
    """What shapes the rows besides the file.

    Attributes:
        params: further event parameters to land. money: unit and default currency of amounts.
        property_id: property of the rows, where known. with_user_id: whether ``user_id`` is staged.
    """

    params: tuple[str, ...]
    money: Money
    property_id: str | None
    with_user_id: bool


def rows_sql(
    opened: Opened,
    export: Export,
    flattening: Flattening,
    *,
    lineage: str,
    only: Collection[str] | None,
) -> str:
    """SELECT of the events of ``opened`` as they are staged.

    Args:
        opened: the file.
        export: what it is part of; rows of a table must have the table's day.
        flattening: see :class:`Flattening`.
        lineage: the file's name within the source.
        only: days (ISO) to take; all when None.

    Raises:
        SchemaError: the file has another shape than the export.
    """
    with _named(opened):
        return _rows_sql(opened, export, flattening, lineage=lineage, only=only)


def days_sql(opened: Opened, export: Export) -> str:
    """SELECT of the days of ``opened`` and how many rows each has.

    Raises:
        SchemaError: there is no column with days.
    """
    with _named(opened):
        day = _day(opened, export)
    days = f"select {day} as day from ({opened.rows_sql})"
    return f"select cast(day as varchar), count(*) from ({days}) group by 1"


def _rows_sql(
    opened: Opened,
    export: Export,
    flattening: Flattening,
    *,
    lineage: str,
    only: Collection[str] | None,
) -> str:
    params = dict.fromkeys([*(key for place in PLACES.values() for key in place.params), *flattening.params])
    positions = {key: f"_p{position}" for position, key in enumerate(params)}
    columns = {name: _Cell.of(name, opened, positions) for name in PLACES}
    if not flattening.with_user_id:
        del columns["user_id"]
    extras = {f"param_{key}": _text(opened, positions[key]) for key in flattening.params}
    checks = {name: cell for name, cell in columns.items() if cell.present}
    cells = [
        f"{_day(opened, export)} as event_date",
        f"{_moment(opened)} as event_timestamp",
        f"{_name(opened)} as event_name",
        *(f"{cell.sql} as {identifier(name)}" for name, cell in columns.items()),
        *(f"{text} as {identifier(name)}" for name, text in extras.items()),
        *(f"{cell.present} as {identifier(f'_has_{name}')}" for name, cell in checks.items()),
    ]
    mended = [
        *flattening.money.replacements(AMOUNTS, has_code=True),
        *(f"{address_sql(name)} as {name}" for name in ADDRESSES),
        *(f"{without_addresses_sql(identifier(name))} as {identifier(name)}" for name in extras),
    ]
    masked = [f"{masked_sql(name)} as {name}" for name in ADDRESSES]
    unread = ", ".join(
        f"case when {identifier(f'_has_{name}')} and {identifier(name)} is null then {literal(name)} end"
        for name in checks
    )
    final = [
        *(identifier(name) for name in ("event_date", "event_timestamp", "event_name", *columns, *extras)),
        f"{literal(flattening.property_id)} as property_id",
        f"{literal(export.kind)} as table_kind",
        f"nullif(concat_ws(';', {unread}), '') as unreadable_values",
        f"{literal(lineage)} as _file",
        "_line",
        "cast(event_date as varchar) as _slice",
    ]
    which = "" if only is None else f" where _slice in ({', '.join(literal(day) for day in sorted(only))})"
    # Nested, not CTEs: the engine would materialise those. In layers, since within one it would make a text
    # anew for each mention of it.
    flat = f"select _line, {', '.join(cells)} from ({_with_params(opened, positions)})"
    for replaced in (mended, masked):
        flat = f"select * replace ({', '.join(replaced)}) from ({flat})"
    return f"select * from (select {', '.join(final)} from ({flat})){which}"


@contextmanager
def _named(opened: Opened) -> Iterator[None]:
    """Turns what is wrong with the shape of a file into an error that names the file."""
    try:
        yield
    except ShapeError as error:
        raise SchemaError(
            f"{opened.path}: {error}. Export the table events_YYYYMMDD itself, with its nested columns; what "
            "was stored before is unchanged.",
            path=opened.path,
        ) from error


@dataclass(frozen=True)
class _Cell:
    """SQL of one column, and of whether there is a value that may be lost; the latter None where none can."""

    sql: str
    present: str | None

    @classmethod
    def of(cls, name: str, opened: Opened, positions: Mapping[str, str]) -> _Cell:
        """The cell of the declared column ``name``."""
        place, type_ = PLACES[name], EVENTS.column(name).type
        values = [value for path in place.paths if (value := opened.shape.value(path)) is not None]
        values += [value for key in place.params for value in _fields(opened, positions[key])]
        found = first([typed(value, type_) for value in values], type_)
        if type_ is Type.STRING:
            return cls(found, None)
        if not any(may_fail(value, type_) for value in values):
            return cls(found, None)
        filled = [f"nullif({v.sql}, '')" if v.type == "varchar" else v.sql for v in values]
        return cls(found, " or ".join(f"{sql} is not null" for sql in filled))


def _with_params(opened: Opened, positions: Mapping[str, str]) -> str:
    """The rows with the value of each wanted parameter beside them; of a repeated key the first counts."""
    params = opened.shape.params()
    values = ", ".join(
        f"struct_extract(list_extract(_params, list_position(_keys, {literal(key)})), 'value') as {position}"
        for key, position in positions.items()
    )
    keys = "list_transform(_params, lambda p: struct_extract(p, 'key')) as _keys"
    listed = f"select *, {params.sql} as _params from ({opened.rows_sql})"
    return f"select *, {values} from (select *, {keys} from ({listed}))"


def _fields(opened: Opened, position: str) -> Iterator[Value]:
    """Fields of a parameter's value, one of which is filled."""
    types = opened.shape.params().types
    for name in VALUE_FIELDS:
        if name in types:
            yield Value(
                f"struct_extract({position}, {literal(name)})", types[name], f"event_params.value.{name}"
            )


def _text(opened: Opened, position: str) -> str:
    return first([typed(value, Type.STRING) for value in _fields(opened, position)], Type.STRING)


def _day(opened: Opened, export: Export) -> str:
    if export.day is None:
        day = day_sql(opened.shape.required("event_date"))
        return f"coalesce({day}, {_refusal('event_date is missing or no day (YYYYMMDD)')})"
    table = f"date {literal(export.day.isoformat())}"
    found = opened.shape.value("event_date")
    if found is None:
        return table
    day = day_sql(found)
    no_day = _refusal("event_date is no day (YYYYMMDD)")
    return (
        f"case when {day} = {table} or {found.sql} is null then {table} "
        f"when {day} is null then {no_day} else {_refusal(OTHER_DAY, day)} end"
    )


def _moment(opened: Opened) -> str:
    micros = typed(opened.shape.required("event_timestamp"), Type.INTEGER)
    return f"make_timestamp(coalesce({micros}, {_refusal('event_timestamp is missing or no whole number')}))"


def _name(opened: Opened) -> str:
    text = typed(opened.shape.required("event_name"), Type.STRING)
    return f"coalesce({text}, {_refusal('event_name is missing')})"


def _refusal(reason: str, value: str | None = None) -> str:
    shown = f" || cast({value} as varchar)" if value else ""
    return f"error('@' || _line || '|'{shown} || {literal(reason)})"
