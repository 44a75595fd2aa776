"""What the build file says of itself: of each dbt node, the digest of the inputs it was last built from.

The record is table ``control.built_nodes`` of ``build.duckdb``, so that it goes where the file goes.
Entries of what is about to be built are taken out first and come back when all of dbt succeeded: a run that
breaks off or fails leaves them out, and the next one builds those nodes again.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path

import duckdb
import pyarrow as pa

from connectors.core.manifest import Manifest
from connectors.core.sql import identifier
from orchestration.build_selection import (
    CONTROL,
    BuildSelection,
    Built,
    Graph,
    Inputs,
    select_nodes,
)
from orchestration.control_tables import CONTROL_TABLES

RECORD = "control.built_nodes"
PROGRAMS = ("duckdb", "dbt-core", "dbt-duckdb", "tzdata")
ABOUT_THE_RUN: Mapping[str, frozenset[str]] = {
    "run": frozenset({"run_id", "load_id", "built_at", "built_through", "is_full_refresh", "git_revision"}),
    # Follows from the slices of the stream, which count.
    "changed_slices": frozenset(CONTROL_TABLES["changed_slices"]),
}
"""Columns by control table that make no row another one."""
COUNTED_WHERE_NAMED: Mapping[str, frozenset[str]] = {
    "run": frozenset({"as_of"}),
    "brands": frozenset({"as_of_date"}),
    "source_streams": frozenset({"last_success_at"}),
}
"""Columns that change though nothing happened, by table: they count for the models that name them."""
TIMES = frozenset({"last_success_at"})


def plan_build(
    build_db: Path, graph: Graph, manifests: Iterable[Manifest], *, project_hash: str
) -> BuildSelection:
    """What has to be built, by the control tables and record in ``build_db`` and what the raw zone lists.

    Args:
        build_db: prepared for this run, and open nowhere else.
        graph: of the dbt project.
        manifests: of the streams and sources that schema ``raw`` shows.
        project_hash: of the dbt project's files.
    """
    with duckdb.connect(str(build_db), read_only=True) as con:
        return select_nodes(
            graph,
            read_inputs(con, graph, manifests, project_hash=project_hash),
            read_record(con),
            times=TIMES,
        )


def read_inputs(
    con: duckdb.DuckDBPyConnection, graph: Graph, manifests: Iterable[Manifest], *, project_hash: str
) -> Inputs:
    """Digests of everything that the project's sources hold now."""
    streams = _stream_digests(manifests)
    empty = _hashed(())
    sources: dict[str, str] = {}
    columns: dict[tuple[str, str], str] = {}
    for unique_id, (schema, table) in graph.source_ids().items():
        if schema != CONTROL:
            sources[unique_id] = streams.get(table, empty)
            continue
        named = COUNTED_WHERE_NAMED.get(table, frozenset())
        apart = named | ABOUT_THE_RUN.get(table, frozenset())
        sources[unique_id] = _rows_digest(con, table, [c for c in CONTROL_TABLES[table] if c not in apart])
        keys = [c for c in CONTROL_TABLES[table] if c not in apart][:4]
        for column in named:
            columns[table, column] = _rows_digest(con, table, [*keys, column])
    programs = [f"{name} {version(name)}" for name in PROGRAMS]
    return Inputs(programs=_hashed([project_hash, *programs]), sources=sources, columns=columns)


def read_record(con: duckdb.DuckDBPyConnection) -> dict[str, Built]:
    """The record by unique id; empty where the file has none."""
    try:
        rows = con.execute(f"select unique_id, digest, timed from {RECORD}").fetchall()
    except duckdb.CatalogException:
        return {}
    return {unique_id: Built(digest=digest, timed=timed) for unique_id, digest, timed in rows}


def forget_nodes(build_db: Path, unique_ids: Iterable[str] | None = None) -> None:
    """Take nodes out of the record, before they are built; all when None."""
    with duckdb.connect(str(build_db)) as con:
        con.execute(f"create table if not exists {RECORD} (unique_id varchar, digest varchar, timed varchar)")
        if unique_ids is None:
            con.execute(f"delete from {RECORD}")
            return
        con.register("forgotten", pa.table({"unique_id": pa.array(unique_ids, type=pa.string())}))
        con.execute(f"delete from {RECORD} where unique_id in (select unique_id from forgotten)")


def record_nodes(build_db: Path, selection: BuildSelection, *, except_for: Iterable[str]) -> None:
    """Note what was built; called when dbt succeeded.

    Args:
        build_db: that it was built in, and open nowhere else.
        selection: what was built.
        except_for: unique ids that stay out, because their outcome is to be seen again: tests that warned.
    """
    built = sorted(selection.stale.difference(except_for))
    rows = pa.table(
        {
            "unique_id": pa.array(built, type=pa.string()),
            "digest": pa.array([selection.now[node].digest for node in built], type=pa.string()),
            "timed": pa.array([selection.now[node].timed for node in built], type=pa.string()),
        }
    )
    with duckdb.connect(str(build_db)) as con:
        con.register("built", rows)
        con.execute(f"insert into {RECORD} select unique_id, digest, timed from built")


def _stream_digests(manifests: Iterable[Manifest]) -> dict[str, str]:
    """Digest by name of the raw view: the slices that it shows, whichever files hold them."""
    listed: dict[str, list[str]] = defaultdict(list)
    for manifest in manifests:
        listed[f"{manifest.connector}__{manifest.stream}"] += [
            f"{manifest.source}|{manifest.brand}|{key}|{entry.content_hash}|{entry.load_id}|{entry.rows}"
            for key, entry in manifest.slices.items()
        ]
    return {view: _hashed(sorted(slices)) for view, slices in listed.items() if slices}


def _rows_digest(con: duckdb.DuckDBPyConnection, table: str, columns: list[str]) -> str:
    """Digest of columns of a control table, whatever the order of its rows."""
    if not columns:
        return _hashed(())
    names = ", ".join(map(identifier, columns))
    [(rows, total)] = con.execute(
        f"select count(*), coalesce(sum(cast(hash({names}) as hugeint)), 0) from control.{identifier(table)}"
    ).fetchall()
    return _hashed([table, names, str(rows), str(total)])


def _hashed(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
