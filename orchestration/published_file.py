"""The published file: which tables it holds, what it says about itself, how it is written and swapped in.

It holds tables only, in a storage version that drivers of DuckDB 1.x read, without a ``.wal``, mode 0444.
Everything here works on an in-memory connection with files attached: a process that keeps a published file
open as its main database goes on seeing the old one after a swap.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from connectors.core.sql import identifier, identifiers, literal
from connectors.core.storage import sync_file, sync_folder
from orchestration.errors import PublishError
from orchestration.ledger import GRAINS, HISTORIES, TARGETS, VALUES, VERDICTS, Event, LedgerTable

FORMAT_VERSION = 1
STORAGE_VERSION = "v1.0.0"
MEMORY_LIMIT = "2GB"
"""Of a connection that publishes or reads what is published, however large the marts are."""
ATTEMPTS = 4
"""Opens of a file before its refusal is believed."""
DETAIL_TABLES = frozenset({"fct_sessions", "fct_order_lines"})
OWN_TABLES = frozenset(
    {"publication", "publication_tables", "fct_alert_deliveries", *(mart for _, mart in HISTORIES)}
)
"""Tables that no build has: the file's own words and what it holds of the ledger."""
BUILD_TIME_COLUMNS = frozenset({"built_at", "last_loaded_at", "last_success_at"})
"""Columns that differ between two builds of the same data; two publications that differ in nothing "
"else are one."""
_MANY_SEGMENTS = 16
"""Segments of a column below which sorting its table costs nothing."""
_FEW = 8
"""A table lies in order whose segments span on average no more than this part of its time."""
LEADING_COLUMNS = (
    "brand_id",
    "kpi_id",
    "scorecard_id",
    "calendar_key",
    "source_id",
    "segment_type",
    "segment",
)


@dataclass(frozen=True)
class TableDigest:
    """Rows of a table and the hash of its columns and rows, build times left out."""

    rows: int
    digest: str


@contextmanager
def memory_connection(temp: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """An in-memory connection in UTC that holds no more than ``MEMORY_LIMIT`` and spills to ``temp``."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": str(temp),
        "memory_limit": MEMORY_LIMIT,
    }
    with duckdb.connect(":memory:", config=config) as con:
        con.execute("set TimeZone = 'UTC'")
        yield con


def attach(con: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    """Attach ``path`` read-only as catalog ``name``.

    DuckDB opens a file twice while it attaches it, and refuses one that is replaced in between: tried again.
    """
    statement = f"attach {literal(str(path))} as {name} (read_only)"
    for _ in range(ATTEMPTS - 1):
        try:
            con.execute(statement)
        except duckdb.IOException:
            continue
        return
    con.execute(statement)


def mart_tables(con: duckdb.DuckDBPyConnection, catalog: str) -> dict[str, dict[str, str]]:
    """Type by column of every table in schema ``marts``, both in order."""
    rows = con.execute(
        """
        select table_name, column_name, data_type from duckdb_columns()
        where database_name = ? and schema_name = 'marts' and not internal
            and table_name in (select table_name from duckdb_tables() where database_name = ? and
            schema_name = 'marts')
        order by table_name, column_index
        """,
        [catalog, catalog],
    ).fetchall()
    tables: dict[str, dict[str, str]] = {}
    for table, column, type_ in rows:
        tables.setdefault(table, {})[column] = type_
    return tables


def table_digest(
    con: duckdb.DuckDBPyConnection, catalog: str, table: str, columns: Mapping[str, str]
) -> TableDigest:
    """Digest of one table of schema ``marts``; the order of its rows doesn't matter."""
    compared = identifiers(name for name in columns if name not in BUILD_TIME_COLUMNS)
    [(rows, total)] = con.execute(
        f"select count(*), coalesce(sum(cast(hash({compared}) as hugeint)), 0) from "
        f"{catalog}.marts.{identifier(table)}"
    ).fetchall()
    content = f"{duckdb.__version__}|{table}|{dict(columns)}|{rows}|{total}"
    return TableDigest(rows=rows, digest=hashlib.sha256(content.encode()).hexdigest())


def content_digest(digests: Mapping[str, TableDigest]) -> str:
    """One hash over all tables."""
    text = "".join(f"{table}={digests[table].digest}\n" for table in sorted(digests))
    return hashlib.sha256(text.encode()).hexdigest()


@contextmanager
def new_file(con: duckdb.DuckDBPyConnection, path: Path, *, copy_of: Path | None = None) -> Iterator[Path]:
    """Attach a new file (or a copy) beside ``path`` as ``target``; failures leave nothing."""
    aside = path.with_name(f".{path.name.removeprefix('.')}.next")
    log = aside.with_name(f"{aside.name}.wal")
    aside.parent.mkdir(parents=True, exist_ok=True)
    for leftover in (aside, log):
        leftover.unlink(missing_ok=True)
    try:
        if copy_of is not None:
            shutil.copyfile(copy_of, aside)
        con.execute(f"attach {literal(str(aside))} as target (storage_version '{STORAGE_VERSION}')")
        con.execute("create schema if not exists target.marts")
        yield aside
    except BaseException:
        for leftover in (aside, log):
            leftover.unlink(missing_ok=True)
        raise


def copy_table(con: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str]) -> None:
    """Copy a mart from ``build`` to ``target``, sorted so that a brand or KPI is read alone.

    A detail table that lies day by day stays as it is: to sort its rows would cost more than to copy them,
    and a span of days is read alone already.
    """
    times = [name for name, type_ in columns.items() if type_ in {"DATE", "TIMESTAMP"}][:1]
    order = identifiers([*(name for name in LEADING_COLUMNS if name in columns), *times])
    if table in DETAIL_TABLES and times and lies_in_order(con, f"build.marts.{identifier(table)}", times[0]):
        order = ""
    con.execute(
        f"create table target.marts.{identifier(table)} as select * from build.marts.{identifier(table)}"
        + (f" order by {order}" if order else "")
    )


def lies_in_order(con: duckdb.DuckDBPyConnection, table: str, time_column: str) -> bool:
    """Whether a table of many row groups has few days in each, by what the file keeps of each row group."""
    found = con.execute(
        f"select stats from pragma_storage_info({literal(table)}) "
        f"where column_name = {literal(time_column)} and segment_type <> 'VALIDITY'"
    ).fetchall()
    spans = [(stats["min"], stats["max"]) for (stats,) in found if stats.get("min") is not None]
    if len(spans) < _MANY_SEGMENTS:
        return False
    whole = max(last for _, last in spans) - min(first for first, _ in spans)
    mean = sum((last - first for first, last in spans), type(whole)()) / len(spans)
    return bool(mean * _FEW <= whole)


def kpi_values(catalog: str, table: LedgerTable) -> str:
    """SQL of every KPI value that stands in the KPI tables of ``catalog``, all grains."""
    values = {"moved_by": "null"}
    return " union all ".join(
        f"select {_casts(table, {**values, 'grain': literal(grain)})} "
        f"from {catalog}.marts.fct_kpi_{suffix} where value is not null"
        for grain, suffix in GRAINS.items()
    )


def _casts(table: LedgerTable, values: Mapping[str, str]) -> str:
    """Key, value and note columns of ``table`` by their names, or by the SQL that ``values`` gives."""
    columns = {**table.keys, **table.values, **table.notes}
    return ", ".join(
        f"cast({values.get(name, name)} as {type_}) as {name}" for name, type_ in columns.items()
    )


def write_publication(
    con: duckdb.DuckDBPyConnection, event: Event, digests: Mapping[str, TableDigest]
) -> None:
    """Create ``marts.publication`` (one row) and ``marts.publication_tables`` in catalog ``target``."""
    con.execute(
        """
        create table target.marts.publication as select
            cast(? as bigint) as version, cast(? as timestamp) as published_at, cast(? as varchar) as run_id,
            cast(? as bigint) as load_id, cast(? as varchar) as git_revision, cast(? as timestamp) as as_of,
            cast(? as varchar) as fingerprint, cast(? as varchar) as inputs_hash, cast(? as varchar) as
            content_digest,
            cast(? as bigint) as row_count, cast(? as bigint) as format_version, cast(? as bigint) as
            event_id,
            cast(null as timestamp) as restored_at
        """,
        [
            event.version,
            naive_utc(event.published_at),
            event.run_id,
            event.load_id,
            event.git_revision,
            naive_utc(event.as_of),
            event.fingerprint,
            event.inputs_hash,
            event.content_digest,
            event.rows,
            FORMAT_VERSION,
            event.event_id,
        ],
    )
    write_publication_tables(con, digests)


def write_publication_tables(con: duckdb.DuckDBPyConnection, digests: Mapping[str, TableDigest]) -> None:
    """Create ``marts.publication_tables`` in catalog ``target``."""
    con.execute(
        "create table target.marts.publication_tables (table_name varchar, row_count bigint, "
        "content_digest varchar)"
    )
    con.executemany(
        "insert into target.marts.publication_tables values (?, ?, ?)",
        [[table, digests[table].rows, digests[table].digest] for table in sorted(digests)],
    )


def write_history(con: duckdb.DuckDBPyConnection) -> None:
    """(Re)create what ``target`` holds of the ledger: values, slices, verdicts, targets, alerts."""
    keys = ", ".join(VALUES.keys)
    # Only a cell that changed after the first event has a row that another one follows.
    con.execute(f"""
        create or replace table target.marts.fct_kpi_history as
        with every_row as (
            select * from ledger_values
            union all by name
            select * from delta_values
        ),
        moved as (
            select distinct {keys} from every_row
            where event_id > (select min(event_id) from every_row)
        )
        select
            *,
            lead(valid_from) over cell as valid_to,
            lead(version) over cell as superseded_by_version,
            lead(run_id) over cell as superseded_by_run_id
        from every_row semi join moved using ({keys})
        window cell as (partition by {keys} order by event_id)
        union all by name
        select * from every_row anti join moved using ({keys})
        order by brand_id, kpi_id, grain, segment_type, segment, period_start, event_id
    """)
    con.execute("""
        create or replace table target.marts.fct_source_changes as
        with every_row as (
            select * from ledger_slices
            union all by name
            select * from delta_slices
        )
        select
            *,
            lead(valid_from) over (
                partition by source_id, connector, stream, slice order by event_id
            ) as valid_to
        from every_row
        order by source_id, connector, stream, slice, event_id
    """)
    _write_scorecard_history(con)
    con.execute("""
        create or replace table target.marts.fct_alert_deliveries as
        select * from alert_deliveries order by attempted_at, alert_id, channel
    """)


def _write_scorecard_history(con: duckdb.DuckDBPyConnection) -> None:
    """Verdicts and targets; a withdrawn one keeps saying whose it was."""
    for table, mart in ((VERDICTS, "fct_scorecard_history"), (TARGETS, "fct_target_history")):
        keys = ", ".join(table.keys)
        kept = ", ".join(
            f"coalesce({name}, lag({name}) over same) as {name}"
            for name in table.notes
            if name in {"brand_id", "grain"}
        )
        con.execute(f"""
            create or replace table target.marts.{mart} as
            with every_row as (
                select * from ledger_{table.name}
                union all by name
                select * from delta_{table.name}
            )
            select
                * replace ({kept}),
                lead(valid_from) over same as valid_to
            from every_row
            window same as (partition by {keys} order by event_id)
            order by {keys}, event_id
        """)


def read_event(con: duckdb.DuckDBPyConnection, path: Path, catalog: str) -> Event:
    """What the attached published file ``catalog`` says it is.

    Raises:
        PublishError: it is of a newer format.
    """
    relation = con.execute(f"select * from {catalog}.marts.publication")
    names = [column[0] for column in relation.description or []]
    [values] = relation.fetchall()
    row = dict(zip(names, values, strict=True))
    if row["format_version"] > FORMAT_VERSION:
        raise PublishError(
            f"{path} has format {row['format_version']}; this program knows formats up to "
            f"{FORMAT_VERSION}. It was "
            "published by a newer Sanjeh: update Sanjeh here. Nothing was changed."
        )
    restored = row["restored_at"]
    return Event(
        event_id=row["event_id"],
        kind="rolled_back" if restored else "published",
        version=row["version"],
        published_at=(restored or row["published_at"]).replace(tzinfo=UTC),
        run_id=row["run_id"],
        load_id=row["load_id"],
        git_revision=row["git_revision"],
        as_of=row["as_of"].replace(tzinfo=UTC),
        fingerprint=row["fingerprint"],
        inputs_hash=row["inputs_hash"],
        content_digest=row["content_digest"],
        rows=row["row_count"],
    )


def close_target(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Checkpoint and detach catalog ``target``, sync its file and take the write permission away.

    Raises:
        PublishError: a write-ahead log is left, so the file alone is not whole.
    """
    con.execute("checkpoint target")
    con.execute("detach target")
    log = path.with_name(f"{path.name}.wal")
    if log.exists():
        raise PublishError(
            f"{path} still has a write-ahead log after its checkpoint; it was not published. Run again."
        )
    sync_file(path)
    path.chmod(0o444)


def swap_in(source: Path, published: Path) -> None:
    """Make ``published`` be ``source`` in one step; readers see the old file or the new one.

    ``source`` stays where it is (hard link; copied on file systems that have none).
    """
    following = published.with_name(f".{published.name}.next")
    following.unlink(missing_ok=True)
    try:
        os.link(source, following)
    except OSError:
        shutil.copyfile(source, following)
        following.chmod(0o444)
        sync_file(following)
    put_in_place(following, published)


def put_in_place(aside: Path, path: Path) -> None:
    """Rename the finished file ``aside`` to ``path``, which readers open."""
    # A log that a crashed writer left beside the name would be replayed into the new file.
    path.with_name(f"{path.name}.wal").unlink(missing_ok=True)
    aside.replace(path)
    sync_folder(path.parent)


def naive_utc(moment: datetime) -> datetime:
    """The moment as DuckDB TIMESTAMP: UTC without zone."""
    return moment.astimezone(UTC).replace(tzinfo=None)
