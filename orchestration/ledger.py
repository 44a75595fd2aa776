"""The ledger: append-only Parquet of everything ever published, outside the build file.

    ledger/format.json                       format version
    ledger/values/event-00000012.parquet     KPI values that event changed
    ledger/targets/…  ledger/verdicts/…      target versions and verdicts that event changed
    ledger/slices/…                          slices of the raw zone behind the version that event changed
    ledger/publications/event-00000012.parquet   the event itself; written last, it makes the others count
    ledger/runs/…                            one file per finished run
    ledger/erasures/…                        one file per erasure of people: when, how many, never who

An event is a publication or a rollback. Only differences are kept, so ``valid_to`` is the next row's
``valid_from``. Files of an event whose publication is not written don't count and are written again. A ledger
of a newer format is a :class:`WorkspaceError`; one that lags behind the published file (a crash after the
swap) is completed from that file.

Format 1 knew no slices, so its values don't say which source moved them. Format 2 reads it as it is; the
first event after it notes every slice as ``baseline``, and writes the new format, which stops older programs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from connectors.core.sql import literal, literals
from connectors.core.storage import sync_file, sync_folder, write_atomically
from orchestration.errors import WorkspaceError
from orchestration.workspace import Workspace

FORMAT_VERSION = 2
WITHDRAWN = "not published any more"
ERASED = "erased"
"""Reason of values and slices that changed because people were erased."""
BASELINE = "baseline"
"""Reason of a slice that was there before the ledger kept slices; it moved nothing."""
GRAINS: Mapping[str, str] = {"day": "daily", "week": "weekly", "month": "monthly", "quarter": "quarterly"}
"""Suffix of the KPI table by grain."""


@dataclass(frozen=True)
class LedgerTable:
    """A table kept as differences.

    Attributes:
        name: folder in the ledger.
        keys: columns that identify a row, never null.
        values: columns whose change makes a new row.
        notes: columns kept beside the values; their change alone makes no row.
    """

    name: str
    keys: Mapping[str, str]
    values: Mapping[str, str]
    notes: Mapping[str, str]

    @property
    def columns(self) -> dict[str, str]:
        """(name: DuckDB type) of the files."""
        return {**self.keys, **self.values, **self.notes, **EVENT_COLUMNS}


EVENT_COLUMNS: Mapping[str, str] = {
    "reason": "varchar",
    "event_id": "bigint",
    "version": "bigint",
    "run_id": "varchar",
    "valid_from": "timestamp",
}

VALUES = LedgerTable(
    name="values",
    keys={
        "brand_id": "varchar",
        "kpi_id": "varchar",
        "grain": "varchar",
        "period_start": "date",
        "segment_type": "varchar",
        "segment": "varchar",
    },
    values={"numerator": "decimal(38,6)", "denominator": "decimal(38,6)", "value": "double"},
    notes={
        "currency_code": "varchar",
        "status": "varchar",
        "days_loaded": "bigint",
        "loaded_through": "date",
        "moved_by": "varchar",
    },
)
"""``moved_by``: ids of the sources whose content changed and feeds the value; see ``value_movers``."""

TARGETS = LedgerTable(
    name="targets",
    keys={"scorecard_id": "varchar", "kpi_id": "varchar", "target_from": "date"},
    values={
        "target": "double",
        "target_upper": "double",
        "direction": "varchar",
        "baseline": "double",
        "tolerance": "double",
    },
    notes={"brand_id": "varchar"},
)

VERDICTS = LedgerTable(
    name="verdicts",
    keys={"scorecard_id": "varchar", "kpi_id": "varchar", "period_start": "date"},
    values={"actual": "double", "target": "double", "verdict": "varchar"},
    notes={"brand_id": "varchar", "grain": "varchar", "status": "varchar"},
)

SLICES = LedgerTable(
    name="slices",
    keys={"source_id": "varchar", "connector": "varchar", "stream": "varchar", "slice": "varchar"},
    values={"content_hash": "varchar"},
    notes={
        "brand_id": "varchar",
        "window_start": "date",
        "window_end": "date",
        "row_count": "bigint",
        "load_id": "bigint",
    },
)
"""What of the raw zone is behind a version: added, replaced or (``WITHDRAWN``) removed by an event."""

TABLES = (VALUES, TARGETS, VERDICTS, SLICES)
HISTORIES = (
    (VALUES, "fct_kpi_history"),
    (TARGETS, "fct_target_history"),
    (VERDICTS, "fct_scorecard_history"),
    (SLICES, "fct_source_changes"),
)
"""Which published table each is rendered as."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """A publication or rollback; times are UTC.

    Attributes:
        kind: ``published`` or ``rolled_back``.
        version: the version readers see from ``published_at`` on.
        fingerprint: hash of the settings and SQL behind the version.
        inputs_hash: hash of the slices behind it.
        content_digest: hash of the published tables, build times left out.
        rows: rows of all published tables.
    """

    event_id: int
    kind: str
    version: int
    published_at: datetime
    run_id: str
    load_id: int
    git_revision: str
    as_of: datetime
    fingerprint: str
    inputs_hash: str
    content_digest: str
    rows: int


class Ledger:
    """The ledger of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        """Check the format; an absent ledger is an empty one."""
        self.root = workspace.ledger
        format_file = self.root / "format.json"
        if format_file.is_file():
            try:
                found = json.loads(format_file.read_text(encoding="utf-8"))["format_version"]
            except (ValueError, KeyError, TypeError) as error:
                raise WorkspaceError(
                    f'{format_file} is damaged; write {{"format_version": {FORMAT_VERSION}}} into it.'
                ) from error
            if found > FORMAT_VERSION:
                raise WorkspaceError(
                    f"The ledger {self.root} has format {found}; this program knows formats up to "
                    f"{FORMAT_VERSION}. "
                    "The workspace was used by a newer Sanjeh: update Sanjeh here. Nothing was changed."
                )

    def events(self) -> list[Event]:
        """Every event, oldest first."""
        files = sorted((self.root / "publications").glob("event-*.parquet"))
        rows = [row for file in files for row in pq.read_table(file).to_pylist()]
        return sorted((Event(**row) for row in rows), key=lambda event: event.event_id)

    def last_event_id(self) -> int:
        """Id of the newest event; 0 in an empty ledger."""
        files = sorted((self.root / "publications").glob("event-*.parquet"))
        return _event_id(files[-1]) if files else 0

    def create_views(self, con: duckdb.DuckDBPyConnection) -> None:
        """Temp views ``ledger_<table>`` (every row) and ``open_<table>`` (what is valid now) on ``con``."""
        through = self.last_event_id()
        for table in TABLES:
            files = sorted((self.root / table.name).glob("event-*.parquet"))
            counted = [str(file) for file in files if _event_id(file) <= through]
            rows = _empty(table)
            if counted:
                # Files of an older format lack columns; they count as unknown.
                columns = ", ".join(
                    f"cast({name} as {type_}) as {name}" for name, type_ in table.columns.items()
                )
                rows = (
                    f"select {columns} from (({rows}) union all by name "
                    f"select * from read_parquet({literals(counted)}, union_by_name = true))"
                )
            con.execute(f"create or replace temp view ledger_{table.name} as {rows}")
            con.execute(f"""
                create or replace temp table open_{table.name} as
                select * from ledger_{table.name}
                qualify row_number() over (
                    partition by {", ".join(table.keys)} order by event_id desc
                ) = 1
            """)
            con.execute(f"delete from open_{table.name} where reason = {literal(WITHDRAWN)}")

    def write_event_files(self, con: duckdb.DuckDBPyConnection, event_id: int) -> None:
        """Write the temp tables ``delta_<table>`` of ``con``; they count once :meth:`commit` was called."""
        for table in TABLES:
            path = self._file(table.name, event_id)
            aside = path.with_name(f".{path.name}.next")
            con.execute(
                f"copy (select {', '.join(table.columns)} from delta_{table.name}) "
                f"to {literal(str(aside))} (format parquet, compression zstd)"
            )
            sync_file(aside)
            aside.replace(path)
            sync_folder(path.parent)

    def commit(self, event: Event) -> None:
        """Write the event itself, which makes its files count."""
        self._write_format()
        _write_rows(self._file("publications", event.event_id), [vars(event)])

    def repair(self, con: duckdb.DuckDBPyConnection, published: str, event: Event) -> None:
        """Complete the ledger when ``event`` was published but not committed.

        Args:
            con: has the published file attached.
            published: catalog name of the published file.
            event: what that file says it is.
        """
        last = self.last_event_id()
        if event.event_id <= last:
            return
        if not self._file(VALUES.name, event.event_id).is_file():
            for table, mart in HISTORIES:
                create_delta_from(con, table, catalog=published, mart=mart, after=last)
            self.write_event_files(con, event.event_id)
        self.commit(event)

    def _file(self, folder: str, event_id: int) -> Path:
        path = self.root / folder / f"event-{event_id:08d}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def _write_format(self) -> None:
        format_file, text = self.root / "format.json", json.dumps({"format_version": FORMAT_VERSION})
        if not format_file.is_file() or format_file.read_text(encoding="utf-8") != text:
            write_atomically(format_file, text.encode())


def create_delta(
    con: duckdb.DuckDBPyConnection, table: LedgerTable, *, event: Event, reason: str, new_rows: str
) -> int:
    """Temp table ``delta_<table>``: what ``event`` changes against ``open_<table>``.

    Args:
        con: has the ledger's temp views.
        table: which table.
        event: gives id, version, run and time of the rows.
        reason: SQL expression for rows that are new or changed; ``n`` and ``o`` are the new and the open row.
        new_rows: select of key, value and note columns as they are now.

    Returns:
        The number of changed rows.
    """
    first = next(iter(table.keys))
    keys = ", ".join(f"coalesce(n.{key}, o.{key}) as {key}" for key in table.keys)
    kept = ", ".join(f"n.{name}" for name in (*table.values, *table.notes))
    match = " and ".join(f"n.{key} = o.{key}" for key in table.keys)
    differs = " or ".join(f"n.{name} is distinct from o.{name}" for name in table.values)
    con.execute(
        f"""
        create or replace temp table delta_{table.name} as
        select {keys}, {kept},
            case when n.{first} is null then {literal(WITHDRAWN)} else {reason} end as reason,
            cast(? as bigint) as event_id,
            cast(? as bigint) as version,
            cast(? as varchar) as run_id,
            cast(? as timestamp) as valid_from
        from ({new_rows}) as n
        full join open_{table.name} as o on {match}
        where n.{first} is null or o.{first} is null or {differs}
        """,
        [event.event_id, event.version, event.run_id, event.published_at.replace(tzinfo=None)],
    )
    [(count,)] = con.execute(f"select count(*) from delta_{table.name}").fetchall()
    return int(count)


def create_delta_from(
    con: duckdb.DuckDBPyConnection, table: LedgerTable, *, catalog: str, mart: str, after: int
) -> None:
    """Temp table ``delta_<table>`` of the events that ``mart`` of a published file knows beyond ``after``.

    A file that an older program published may lack the mart or columns of it.
    """
    con.execute(f"create or replace temp table delta_{table.name} as {_empty(table)}")
    found = con.execute(
        "select column_name from duckdb_columns() "
        "where database_name = ? and schema_name = 'marts' and table_name = ?",
        [catalog, mart],
    ).fetchall()
    columns = ", ".join(name for (name,) in found if name in table.columns)
    if columns:
        con.execute(
            f"insert into delta_{table.name} by name "
            f"select {columns} from {catalog}.marts.{mart} where event_id > {after}"
        )


def _empty(table: LedgerTable) -> str:
    """SQL of no rows with the table's columns."""
    body = ", ".join(f"cast(null as {type_}) as {name}" for name, type_ in table.columns.items())
    return f"select {body} limit 0"


def append_run(workspace: Workspace, record: Mapping[str, object]) -> None:
    """Keep how a run ended (JSON values of a run record); the same run again replaces its file.

    Raises:
        WorkspaceError: the ledger can't be written.
    """
    row = {
        "run_id": record["run_id"],
        "load_id": record["load_id"],
        "kind": record["kind"],
        "started_at": record["started_at"],
        "finished_at": record["finished_at"],
        "outcome": record["outcome"],
        "error": record["error"],
        "sources": json.dumps(record["sources"], sort_keys=True),
    }
    append_rows(workspace.ledger / "runs" / f"run-{record['load_id']:08d}.parquet", [row])


def append_erasure(
    workspace: Workspace,
    *,
    run_id: str,
    load_id: int,
    begun_at: datetime,
    brand: str,
    erased_at: datetime,
    persons: int,
    rows: Mapping[str, int],
) -> None:
    """Keep that people were erased; the same erasure again replaces its file.

    Raises:
        WorkspaceError: the ledger can't be written.

    Args:
        workspace: where.
        run_id: of the erasing run.
        load_id: of the erasing run.
        begun_at: when the erasure was first begun, UTC; names the file.
        brand: from which they were erased.
        erased_at: when the proof was whole, aware.
        persons: addresses that were known.
        rows: rows of the raw zone by ``source|connector/stream``.
    """
    shared = {
        "erased_at": erased_at,
        "brand_id": brand,
        "run_id": run_id,
        "load_id": load_id,
        "persons": persons,
    }
    keys = [key.split("|", 1) for key in sorted(rows)] or [["", ""]]
    append_rows(
        workspace.ledger / "erasures" / f"erasure-{begun_at:%Y%m%dT%H%M%S%f}.parquet",
        [
            {**shared, "source_id": source, "stream": stream, "row_count": rows.get(f"{source}|{stream}", 0)}
            for source, stream in keys
        ],
    )


def append_rows(path: Path, rows: Sequence[Mapping[str, object]], *, schema: pa.Schema | None = None) -> None:
    """Write a file of the ledger durably and in one step; its folder is made when needed.

    Raises:
        WorkspaceError: it can't be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_rows(path, rows, schema=schema)
    except OSError as error:
        raise WorkspaceError(unwritable(path, error)) from error


def unwritable(path: Path, error: OSError) -> str:
    """What to say of a file of the ledger that can't be written."""
    return f"{path} can't be written: {error.strerror or error}. Check free space and permissions."


def _event_id(path: Path) -> int:
    return int(path.stem.removeprefix("event-"))


def _write_rows(path: Path, rows: Sequence[Mapping[str, object]], *, schema: pa.Schema | None = None) -> None:
    aside = path.with_name(f".{path.name}.next")
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), aside)
    sync_file(aside)
    aside.replace(path)
    sync_folder(path.parent)
