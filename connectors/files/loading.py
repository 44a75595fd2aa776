"""SourceLoad: what one landing of a file source gathers, file by file, until all streams commit.

In: sections, newest file first. Out: staged rows, inputs, slice windows, rejects. A slice that a newer file
of the same landing claimed is not taken from an older one. Too many rejects raise SourceDataError before
any commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

import duckdb

from connectors.core.errors import SourceDataError
from connectors.core.landing import Landing
from connectors.core.manifest import InputEntry, Manifest
from connectors.core.outcome import StreamLanding
from connectors.core.pace import Pacer, TellPace
from connectors.core.plan import Replaces
from connectors.core.rejects import Reject, mask, write_rejects
from connectors.core.sql import identifier, literal, literals
from connectors.core.stream import Stream
from connectors.files.cells import CellRules
from connectors.files.config import Covers, FileSourceConfig
from connectors.files.discovery import SourceFile
from connectors.files.mapping import Bindings, Section, bind
from connectors.files.money import Money, currency_of_header
from connectors.files.personal import looks_personal
from connectors.files.preset import FilePreset
from connectors.files.problems import explained
from connectors.files.staging import UNCLEAN, TypedTable, Typing, clean_rows_sql, slices_of, type_rows
from connectors.files.streaming import NumberedStream

Window = tuple[date, date]
_KEPT_REJECTS = 10_000
_EXAMPLES = 3
_STREAMED = "streamed_rows"


@dataclass
class _StreamState:
    """What was gathered for one stream."""

    files: dict[str, SourceFile] = field(default_factory=dict)
    headers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    slices: dict[str, set[str]] = field(default_factory=dict)
    claimed: dict[str, str] = field(default_factory=dict)
    windows: dict[str, Window] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    rejected: dict[str, int] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass
class SourceLoad:
    """One landing of a source; see the module."""

    source_id: str
    config: FileSourceConfig
    preset: FilePreset
    rules: CellRules
    money: Money
    covers: Covers
    pace: TellPace | None = None
    states: dict[str, _StreamState] = field(default_factory=dict)

    def add(
        self, file: SourceFile, section: Section, landing: Landing, previous_header: Sequence[str]
    ) -> None:
        """Types the rows of ``section`` and stages those that are accepted.

        Raises:
            SourceDataError: the rows can't be read; SchemaError: the header doesn't fit.
        """
        bindings = bind(
            section, file=file, preset=self.preset, config=self.config, previous_header=previous_header
        )
        money = currency_of_header(bindings.header_currency, self.money, source_id=self.source_id)
        if any(column.name == "currency_code" for column in section.stream.columns):
            bindings = bindings.with_constant(section.stream.column("currency_code"), money.currency)
        state = self.states.setdefault(section.stream.id, _StreamState())
        extras, withheld = _safe_extras(bindings, section, self.preset)
        typing = Typing(
            preset=self.preset,
            rules=self.rules,
            money=money,
            covers=self.covers,
            lineage=file.lineage,
            extras=extras,
        )
        for name in withheld:
            state.notes.append(_withheld(file, name))
        if not section.stream.key and not state.claimed.keys() - {file.lineage}:
            clean = self._stage_clean(file, section, bindings, typing, landing)
            if clean:
                self._claim(state, file, section, clean)
                return
        with explained(file.path):
            typed = type_rows(landing.con, section, bindings, typing)
        if typed.rejected:
            state.rejects += _rejects(landing.con, file, section, bindings, typed)
        suspicious = _with_addresses(landing.con, typed)
        state.notes += [_withheld(file, name) for name in suspicious]
        if typed.collapsed:
            state.notes.append(f"{file.lineage}: {typed.collapsed} exact repeats of a keyed row count once")
        self._claim(state, file, section, typed)
        taken = [key for key, owner in state.claimed.items() if owner != file.lineage and key in typed.slices]
        landing.stage(_staged_sql(typed, file.lineage, suspicious, taken))
        landing.con.execute(f"drop table {typed.name}")

    def _stage_clean(
        self, file: SourceFile, section: Section, bindings: Bindings, typing: Typing, landing: Landing
    ) -> TypedTable | None:
        """Stages a table without a key in one pass; None, with nothing staged, if it needs a closer look."""
        mine = f"staged where _file = {literal(file.lineage)}"
        before = _count(landing.con, mine)
        stream = self._stream_of(file, section)
        with explained(file.path):
            try:
                if stream is None:
                    section.table.attach(landing.con)
                    landing.stage(clean_rows_sql(section, bindings, typing))
                else:
                    numbered = replace(section, table=replace(section.table, rows_sql=f"from {_STREAMED}"))
                    with stream.attached(landing.con, _STREAMED):
                        landing.stage(clean_rows_sql(numbered, bindings, typing))
            except (SourceDataError, duckdb.InvalidInputException) as error:
                # What broke a stream off is said best by reading the file itself.
                if UNCLEAN in str(error) or (stream is not None and stream.error is not None):
                    return None
                if isinstance(error.__cause__, duckdb.Error):
                    raise error.__cause__ from error
                raise
        return TypedTable(
            name="staged",
            columns=(),
            extras=(),
            rows=_count(landing.con, mine) - before,
            rejected=0,
            collapsed=0,
            slices=slices_of(landing.con, mine, section, bindings, self.rules),
        )

    def _stream_of(self, file: SourceFile, section: Section) -> NumberedStream | None:
        table = section.table
        if table.cells_sql is None:
            return None
        pacer = Pacer(self.pace, what=file.lineage, whole=table.whole) if self.pace else None
        return NumberedStream(table.cells_sql, pacer)

    def _claim(self, state: _StreamState, file: SourceFile, section: Section, typed: TypedTable) -> None:
        lineage = file.lineage
        if not typed.rows:
            state.notes.append(f"{lineage}: there are no rows below the header")
        state.files[lineage] = file
        state.headers[lineage] = tuple(
            dict.fromkeys((*state.headers.get(lineage, ()), *section.table.header))
        )
        state.rows[lineage] = state.rows.get(lineage, 0) + typed.rows - typed.rejected - typed.collapsed
        state.rejected[lineage] = state.rejected.get(lineage, 0) + typed.rejected
        for key, window in typed.slices.items():
            state.slices.setdefault(lineage, set()).add(key)
            owner = state.claimed.setdefault(key, lineage)
            if owner != lineage:
                state.notes.append(f"{lineage}: {key} is taken from {owner}, which covers it too")
            declared = self.config.coverage.half_open if self.config.coverage and key == lineage else None
            days = declared or window
            if days and owner == lineage:
                known = state.windows.get(key, days)
                state.windows[key] = (min(known[0], days[0]), max(known[1], days[1]))

    def require_few_rejects(self) -> None:
        """Stops the source when too large a share of its rows was rejected.

        Raises:
            SourceDataError: naming counts and first examples.
        """
        rejects = [reject for state in self.states.values() for reject in state.rejects]
        rejected = sum(sum(state.rejected.values()) for state in self.states.values())
        rows = rejected + sum(sum(state.rows.values()) for state in self.states.values())
        if not rejected or rejected <= self.config.reject_threshold * rows:
            return
        examples = "; ".join(
            f"{reject.file}, line {reject.line}, column {reject.column_name}: {reject.reason}"
            + (f" ({mask(reject.value)})" if reject.value else "")
            for reject in sorted(rejects, key=lambda each: (each.file, each.line or 0))[:_EXAMPLES]
        )
        raise SourceDataError(
            f"sources.{self.source_id}: {rejected:,} of {rows:,} rows can't be accepted, more than the "
            f"{self.config.reject_threshold:.2%} that reject_threshold allows. {examples}. Correct the "
            "file, or the source's date_format, decimal, thousands, na_values or reject_threshold; what was "
            "stored before is unchanged."
        )

    def commit(
        self,
        stream: Stream,
        landing: Landing,
        manifest: Manifest,
        *,
        folder: Path,
        files: Sequence[SourceFile],
        load_id: int,
        loaded_at: datetime,
    ) -> StreamLanding:
        """Makes the staged rows of ``stream`` exist and records every file that was read."""
        state = self.states.get(stream.id, _StreamState())
        inputs = {
            file.lineage: self._input(state, file, load_id=load_id, loaded_at=loaded_at) for file in files
        }
        before = {key for file in files if (old := manifest.inputs.get(file.lineage)) for key in old.slices}
        landed = landing.commit(
            replaces=Replaces.slices(before - state.claimed.keys()),
            window=None,
            slice_windows=state.windows,
            inputs=inputs,
        )
        rejected = sum(state.rejected.values())
        if rejected:
            write_rejects(folder, load_id=load_id, rejects=state.rejects)
            state.notes.append(f"{rejected} rows were rejected and kept aside")
        return StreamLanding(
            stream=stream,
            files_read=len(state.files),
            files_unchanged=0,
            files_left_alone=0,
            rows=sum(state.rows.values()),
            rejected=rejected,
            changed_slices=len(landed.changed_slices) + len(landed.removed_slices),
            new_columns=landed.new_columns,
            notes=tuple(dict.fromkeys(state.notes)),
        )

    def _input(
        self, state: _StreamState, file: SourceFile, *, load_id: int, loaded_at: datetime
    ) -> InputEntry:
        slices = state.slices.get(file.lineage, set())
        windows = [state.windows[key] for key in slices if key in state.windows]
        return InputEntry(
            sha256=file.sha256,
            size=file.size,
            load_id=load_id,
            loaded_at=loaded_at,
            rows=state.rows.get(file.lineage, 0),
            rejected=state.rejected.get(file.lineage, 0),
            source_columns=state.headers.get(file.lineage, ()),
            slices=tuple(sorted(slices)),
            window_start=min((start for start, _ in windows), default=None),
            window_end=max((end for _, end in windows), default=None),
        )


def _safe_extras(
    bindings: Bindings, section: Section, preset: FilePreset
) -> tuple[tuple[tuple[int, str], ...], list[str]]:
    """Unmapped columns under free names, and those withheld because of what their name says."""
    taken = {name.lower() for name, _ in section.stream.landed_columns}
    taken |= {column.name.lower() for column in section.stream.columns} | set(preset.helpers)
    safe: list[tuple[int, str]] = []
    withheld: list[str] = []
    for position, header in bindings.extras:
        name = header.strip().lstrip("_")
        if looks_personal(name):
            withheld.append(header)
            continue
        while name.lower() in taken:
            name += "_2"
        taken.add(name.lower())
        safe.append((position, name))
    return tuple(safe), withheld


def _count(con: duckdb.DuckDBPyConnection, rows: str) -> int:
    [(rows_found,)] = con.execute(f"select count(*) from {rows}").fetchall()
    return int(rows_found)


def _withheld(file: SourceFile, name: str) -> str:
    return (
        f"{file.lineage}: column '{name}' is not landed, it looks like personal data; "
        "map it to have it hashed"
    )


def _with_addresses(con: duckdb.DuckDBPyConnection, typed: TypedTable) -> list[str]:
    """Unmapped columns that hold an e-mail address somewhere."""
    if not typed.extras:
        return []
    tests = ", ".join(f"bool_or(contains({identifier(name)}, '@'))" for name in typed.extras)
    found = con.execute(f"select {tests} from {typed.name}").fetchone() or ()
    return [name for name, has in zip(typed.extras, found, strict=True) if has]


def _staged_sql(typed: TypedTable, lineage: str, withheld: Sequence[str], taken: Sequence[str]) -> str:
    columns = [*typed.columns, *(name for name in typed.extras if name not in withheld)]
    unless = f" and not list_contains({literals(taken)}, _slice)" if taken else ""
    return (
        f"select {', '.join(identifier(name) for name in columns)}, {literal(lineage)} as _file, _line, "
        f"_slice from {typed.name} where _reject is null{unless}"
    )


def _rejects(
    con: duckdb.DuckDBPyConnection, file: SourceFile, section: Section, bindings: Bindings, typed: TypedTable
) -> list[Reject]:
    """The rejected rows of ``typed`` with their line in the file and the value that was refused."""
    rows = con.execute(
        "select _line, split_part(_reject, '|', 1), split_part(_reject, '|', 2), "
        f"try_cast(split_part(_reject, '|', 3) as bigint) from {typed.name} "
        f"where _reject is not null order by _line limit {_KEPT_REJECTS}"
    ).fetchall()
    records = [row[0] for row in rows]
    lines = section.table.lines_of([*records, *(row[3] for row in rows if row[3] is not None)])
    positions = {b.column.name: b.position for b in bindings.columns if b.position is not None}
    wanted = ", ".join(str(record) for record in records)
    raw = con.execute(f"select * from ({section.table.rows_sql}) where _line in ({wanted})").fetchall()
    names = [str(column[0]) for column in con.description or ()]
    by_record = {row[names.index("_line")]: row for row in raw}
    return [
        Reject(
            file=file.lineage,
            line=lines.get(record),
            column_name=column,
            reason=reason if twin is None else f"{reason} line {lines.get(twin)}",
            value=by_record[record][names.index(f"c{positions[column]}")] if column in positions else None,
        )
        for record, column, reason, twin in rows
    ]
