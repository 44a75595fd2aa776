"""Typed rows of one table, its rejects and its slices: set-wise SQL over the landing's connection.

In: a section with its bindings. Out: a temporary table of typed rows with a reject reason, and counts.
Cells are text until here; a cell that is not empty and can't be read as its type rejects its row, it never
becomes null.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

from connectors.core.sql import constant_text, identifier, identifiers, literal
from connectors.core.stream import Kind, Type
from connectors.files.cells import CellRules, cell_text, plain_cell, typed_cell, unmeant
from connectors.files.config import Covers
from connectors.files.mapping import Binding, Bindings, Section
from connectors.files.money import Money
from connectors.files.preset import FilePreset

SAME_KEY = "same key, with other values, as"
"""Reason of a reject whose third part is the record it conflicts with."""
_counter = itertools.count(1)
UNCLEAN = "the table has rows to look at one by one"
_VERSION_COLUMNS = ("updated_at", "captured_at")


@dataclass(frozen=True)
class TypedTable:
    """Rows of one section after typing.

    Attributes:
        name: temporary table with the stream's columns, ``_line``, ``_slice`` and ``_reject``.
        columns: declared columns it holds. extras: unmapped columns it holds.
        rows: rows read. rejected: those with a reject reason. collapsed: exact repeats of keyed rows left
            out.
        slices: slice -> (first day, day after the last) of accepted rows; days in the source's zone.
    """

    name: str
    columns: tuple[str, ...]
    extras: tuple[str, ...]
    rows: int
    rejected: int
    collapsed: int
    slices: Mapping[str, tuple[date, date] | None]


@dataclass(frozen=True, kw_only=True)
class Typing:
    """What the typing of one section goes by, besides its bindings."""

    preset: FilePreset
    rules: CellRules
    money: Money
    covers: Covers
    lineage: str
    extras: tuple[tuple[int, str], ...]


def type_rows(
    con: duckdb.DuckDBPyConnection, section: Section, bindings: Bindings, typing: Typing
) -> TypedTable:
    """Reads the rows of ``section`` once into a temporary table; see :class:`TypedTable`."""
    name = f"typed_rows_{next(_counter)}"
    section.table.attach(con)
    con.execute(f"create or replace temp table {name} as {_typed_sql(section, bindings, typing)}")
    collapsed = _resolve_repeats(con, name, section, [b.column.name for b in bindings.columns])
    counted = con.execute(f"select count(*), count(_reject) from {name}").fetchone() or (0, 0)
    return TypedTable(
        name=name,
        columns=_stream_columns(bindings),
        extras=tuple(extra for _, extra in typing.extras),
        rows=counted[0] + collapsed,
        rejected=counted[1],
        collapsed=collapsed,
        slices=slices_of(con, f"{name} where _reject is null", section, bindings, typing.rules),
    )


def clean_rows_sql(section: Section, bindings: Bindings, typing: Typing) -> str:
    """SELECT that stages a plainly written table in one pass; anything else ends it with UNCLEAN."""
    addresses = "".join(f" or contains({identifier(name)}, '@')" for _, name in typing.extras)
    columns = identifiers([*_stream_columns(bindings), *(name for _, name in typing.extras)])
    return (
        f"select {columns}, {constant_text(typing.lineage)} as _file, _line, _slice "
        f"from ({_typed_sql(section, bindings, typing, plain=True)}) where case when "
        f"_reject is not null{addresses} then error({literal(UNCLEAN)}) else true end"
    )


def slices_of(
    con: duckdb.DuckDBPyConnection, rows: str, section: Section, bindings: Bindings, rules: CellRules
) -> dict[str, tuple[date, date] | None]:
    """Slice -> (first day, day after the last) over ``rows``, a table with an optional condition."""
    start, end = _window_sql(section, bindings, rules)
    found = con.execute(f"select _slice, {start}, {end} from {rows} group by _slice").fetchall()
    return {key: (first, after) if first is not None else None for key, first, after in found}


def _stream_columns(bindings: Bindings) -> tuple[str, ...]:
    return tuple(b.column.name for b in bindings.columns if not b.column.name.startswith("_"))


def _window_sql(section: Section, bindings: Bindings, rules: CellRules) -> tuple[str, str]:
    """First day of a slice and the day after its last, as aggregates; rows of a period say their end."""
    names = {b.column.name for b in bindings.columns}
    cursor = section.stream.cursor
    if cursor not in names or cursor is None:
        return "null::date", "null::date"
    type_ = section.stream.column(cursor).type
    end = "max(period_end)" if "period_end" in names else f"{rules.day_of(f'max({cursor})', type_)} + 1"
    return rules.day_of(f"min({cursor})", type_), end


def _typed_sql(
    section: Section,
    bindings: Bindings,
    typing: Typing,
    *,
    plain: bool = False,
) -> str:
    preset, rules, money, extras = typing.preset, typing.rules, typing.money, typing.extras
    read, judge = (plain_cell, _unclear_sql) if plain else (typed_cell, _reject_sql)
    columns = bindings.columns
    positions = sorted({b.position for b in columns if b.position is not None})
    texts = {b.position for b in columns if b.column.type is Type.STRING}
    cells = [
        f"{(cell_text if position in texts else unmeant)(f'c{position}', rules)} as c{position}"
        for position in positions
    ]
    cells += [f"nullif(trim(c{position}), '') as c{position}" for position, _ in extras]
    if preset.total_words and 0 not in {*positions, *(position for position, _ in extras)}:
        cells.append("c0")
    typed = [
        (constant_text(b.constant) if plain and _is_constant_text(b) else read(_source(b), b.column, rules))
        + f" as {identifier(b.column.name)}"
        for b in columns
    ]
    amounts = [b for b in columns if b.column.type is Type.MONEY]
    has_code = any(b.column.name == "currency_code" and b.position is not None for b in columns)
    cursor = section.stream.cursor
    known = cursor is not None and any(b.column.name == cursor for b in columns)
    day = rules.day_of(cursor, section.stream.column(cursor).type) if cursor and known else "null::date"
    replaced = ", ".join(money.replacements([b.column.name for b in amounts], has_code=has_code, day=day))
    repriced = f" replace ({replaced})" if replaced else ""
    slice_sql = (
        section.slice_sql
        or _slice_sql(section, typing.covers, day)
        or (constant_text(typing.lineage) if plain else literal(typing.lineage))
    )
    extra_columns = "".join(f", c{position} as {identifier(name)}" for position, name in extras)
    # Nested, not CTEs: the engine would materialise those.
    cut = f"(select {', '.join([*cells, '_line'])} from ({section.table.rows_sql})){_without_totals(preset)}"
    priced = f"select *{repriced} from (select *, {', '.join(typed)} from {cut})"
    return (
        f"select {', '.join(identifier(b.column.name) for b in columns)}{extra_columns}, _line, "
        f"{slice_sql} as _slice, {judge(columns, typing, day)} as _reject from ({priced})"
    )


def _source(binding: Binding) -> str:
    return f"c{binding.position}" if binding.position is not None else literal(binding.constant or "")


def _is_constant_text(binding: Binding) -> bool:
    return binding.position is None and binding.column.type is Type.STRING


def _without_totals(preset: FilePreset) -> str:
    if not preset.total_words:
        return ""
    total = rf"^(?i:{'|'.join(preset.total_words)})([\s:_(]|$)"
    return f" where not regexp_matches(coalesce(c0, ''), {literal(total)})"


def _slice_sql(section: Section, covers: Covers, day: str) -> str | None:
    """SQL of the slice that the values of a row tell; None where the file is the slice."""
    cursor = section.stream.cursor
    if section.stream.kind is Kind.SNAPSHOT and cursor:
        return f"strftime({identifier(cursor)}, '%Y-%m-%dT%H:%M:%S.%fZ')"
    if covers is Covers.DATES and cursor:
        return f"cast({day} as varchar)"
    return None


def _reject_sql(columns: tuple[Binding, ...], typing: Typing, day: str) -> str:
    """First reason to refuse a row, as ``column|reason``; null when there is none."""
    reasons: list[str] = []
    for binding in columns:
        column, name = binding.column, identifier(binding.column.name)
        # Only a value that is missing is looked at twice.
        filled = f"{cell_text(_source(binding), typing.rules)} is not null"
        wrong = literal(f"{column.name}|{_EXPECTED.get(column.type, 'no value')}")
        absent = literal(f"{column.name}|no value") if column.required else "null"
        if column.required or column.type is not Type.STRING:
            reasons.append(
                f"case when {name} is null then case when {filled} then {wrong} else {absent} end end"
            )
    reasons += _rule_reasons(columns, typing, day)
    return f"coalesce({', '.join(reasons)}, null)" if reasons else "null::varchar"


def _rule_reasons(columns: tuple[Binding, ...], typing: Typing, day: str) -> list[str]:
    """Reasons that follow from rules on typed values, each null where it doesn't apply."""
    preset = typing.preset
    names = {b.column.name for b in columns}
    reasons = [
        f"case when not ({check.holds}) then {literal(f'{check.column}|{check.reason}')} end"
        for check in preset.row_checks
        if {check.column, *check.needs, *preset.helpers} <= names
    ]
    amount = next((b.column.name for b in columns if b.column.type is Type.MONEY), None)
    if amount:
        reasons += typing.money.reasons(amount, day=day)
    return reasons


def _unclear_sql(columns: tuple[Binding, ...], typing: Typing, day: str) -> str:
    """Not null where a row, read plainly, may have to be refused: cheaper than to say why."""
    doubts = []
    for binding in columns:
        value = f"{identifier(binding.column.name)} is null"
        if binding.column.required:
            doubts.append(value)
        elif binding.column.type is not Type.STRING:
            doubts.append(f"({value} and {_source(binding)} is not null and {_source(binding)} <> '')")
    others = _rule_reasons(columns, typing, day)
    doubts += [f"{reason} is not null" for reason in others]
    return f"nullif({' or '.join(doubts)}, false)" if doubts else "null::boolean"


_EXPECTED = {
    Type.INTEGER: "not a whole number",
    Type.NUMBER: "not a number",
    Type.DECIMAL: "not a number",
    Type.MONEY: "not an amount",
    Type.RATE: "not a rate",
    Type.DATE: "not a date",
    Type.INSTANT: "not a date and time",
    Type.BOOLEAN: "neither yes nor no",
}


def _resolve_repeats(con: duckdb.DuckDBPyConnection, name: str, section: Section, columns: list[str]) -> int:
    """Drops exact repeats of keyed rows and rejects others that share a key; returns how many it dropped.

    Rows that differ in their moment of change are versions of one record and stay.
    """
    key = [column for column in section.stream.key if column in columns]
    if not key:
        return 0
    identity = ", ".join(identifier(c) for c in (*key, *(v for v in _VERSION_COLUMNS if v in columns)))
    everything = ", ".join(identifier(column) for column in columns)
    repeated = con.execute(
        f"select count(*) from (select 1 from {name} where _reject is null group by {identity} having "
        "count(*) > 1)"
    ).fetchone()
    if not repeated or not repeated[0]:
        return 0
    dropped = con.execute(
        f"delete from {name} where _line in (select _line from (select _line, row_number() over "
        f"(partition by {everything} order by _line) as copy from {name} where _reject is null) where "
        "copy > 1)"
    ).fetchone()
    con.execute(
        f"update {name} set _reject = {literal(key[0])} || {literal(f'|{SAME_KEY}|')} || "
        "case when record = lowest then highest else lowest end from (select _line as record, "
        f"min(_line) over (partition by {identity}) as lowest, "
        f"max(_line) over (partition by {identity}) as highest from {name} where _reject is null) as twins "
        f"where twins.record = {name}._line and lowest < highest"
    )
    return int(dropped[0]) if dropped else 0
