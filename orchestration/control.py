"""What a run tells the SQL: control tables and raw views in ``build.duckdb``, written before every build.

In go settings, state and what the raw zone lists; out comes a build file ready for dbt. The build file is
only ever a product of the raw zone, so it is made anew when a full refresh is asked for, when settings or SQL
changed, or when it is missing or can't be opened. A raw zone that can't be read raises RawZoneError, an
unwritable disk WorkspaceError.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from connectors.core.manifest import Manifest
from connectors.core.object_store import ObjectStore
from connectors.core.pii import Pseudonymiser
from connectors.core.raw_zone import RawZone
from connectors.core.remote_zone import RemoteZone
from connectors.core.sql import identifier
from connectors.registry import STREAMS
from orchestration.control_rows import Tables, control_rows, inputs_hash
from orchestration.control_tables import CONTROL_TABLES, create_control_tables
from orchestration.engine_settings import enter_engine_limits
from orchestration.erase.suppressed import read_suppression
from orchestration.errors import WorkspaceError
from orchestration.run_state import Build, mark_building, read_state
from orchestration.scorecard_lint import lint_workspace
from orchestration.settings import Settings
from orchestration.spark.results import is_built_by_spark
from orchestration.workspace import Workspace, dbt_project_dir, git_revision

CALENDAR = "calendar"
"""The connector whose streams are made by Sanjeh itself, not configured."""
SHAPING_FOLDERS = ("models", "macros", "seeds", "snapshots")


@dataclass(frozen=True, kw_only=True)
class BuildInputs:
    """What the build starts from.

    Attributes:
        built_through: load id the build file already covers; 0 when it was made anew.
        is_full_refresh: the build file was made anew.
        changed_slices: slices that incremental models rebuild.
    """

    load_id: int
    built_through: int
    is_full_refresh: bool
    changed_slices: int
    fingerprint: str


def open_raw_zone(workspace: Workspace, settings: Settings) -> RawZone:
    """The raw zone of the workspace; without a key in ``settings`` it refuses personal columns.

    Raises:
        WorkspaceError: who was erased can't be told, so they could land again.
    """
    pii = Pseudonymiser(key=settings.pii_key.encode()) if settings.pii_key else None
    suppression = None
    if workspace.suppressed_file.exists():
        salt = read_state(workspace).customer_salt
        suppression = read_suppression(workspace, settings, fallback_key=salt)
    location = settings.storage.location()
    remote = RemoteZone(ObjectStore(location), workspace.raw) if location else None
    return RawZone(workspace.raw, temp=workspace.temp, pii=pii, suppression=suppression, remote=remote)


def prepare_build(
    workspace: Workspace,
    settings: Settings,
    *,
    run_id: str,
    as_of: datetime,
    built_at: datetime,
    full_refresh: bool = False,
) -> BuildInputs:
    """Write control tables and raw views, and say that the build is under construction.

    Args:
        workspace: this process holds its lock for ``run_id``.
        settings: validated settings.
        run_id: a started run.
        as_of: the run's clock, aware.
        built_at: build time, aware; equals ``as_of`` when the clock was fixed.
        full_refresh: rebuild everything from the raw zone.
    """
    enter_engine_limits(settings.engine, workspace)
    state = read_state(workspace)
    zone = open_raw_zone(workspace, settings)
    manifests = _manifests(zone, settings)
    build = Build(
        run_id=run_id,
        load_id=state.run(run_id).load_id,
        as_of=as_of,
        fingerprint=build_fingerprint(settings),
        inputs_hash=inputs_hash(manifests),
        git_revision=git_revision(),
    )
    anew = (
        full_refresh
        or build.fingerprint != state.built_fingerprint
        or not _opens(workspace.build_db)
        or is_built_by_spark(workspace.build_db)
    )
    built_through = 0 if anew else state.built_through
    tables = control_rows(
        settings,
        state,
        manifests,
        build=build,
        built_at=built_at,
        built_through=built_through,
        is_full_refresh=anew,
        findings=lint_workspace(workspace, settings),
    )
    mark_building(workspace, build, anew=anew)
    try:
        if anew:
            for path in (workspace.build_db, workspace.build_db.with_name(f"{workspace.build_db.name}.wal")):
                path.unlink(missing_ok=True)
        with duckdb.connect(str(workspace.build_db)) as con:
            write_control(con, tables, zone, sources=settings.sources.keys())
    except (duckdb.IOException, OSError) as error:
        reason = str(error).strip().splitlines()[0]
        raise WorkspaceError(
            f"The build file {workspace.build_db} can't be written: {reason}. The raw zone and the "
            "published file are untouched. Close whatever has it open, check free space and permissions, "
            "and run again."
        ) from error
    return BuildInputs(
        load_id=build.load_id,
        built_through=built_through,
        is_full_refresh=anew,
        changed_slices=len(tables["changed_slices"]),
        fingerprint=build.fingerprint,
    )


def write_control(
    con: duckdb.DuckDBPyConnection, tables: Tables, zone: RawZone, *, sources: Collection[str]
) -> None:
    """(Re)create schemas ``control`` and ``raw`` of the build file.

    Args:
        con: the build file, writable.
        tables: rows by control table, in column order.
        zone: what has landed.
        sources: ids of the configured sources; rows of others stay in the raw zone and out of the views.
    """
    create_control_tables(con)
    for table, rows in tables.items():
        if not rows:
            continue
        columns = CONTROL_TABLES[table]
        batch = pa.table(dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True)))
        con.register("control_rows", batch)
        casts = ", ".join(f"cast({identifier(name)} as {type_})" for name, type_ in columns.items())
        con.execute(f"insert into control.{table} select {casts} from control_rows")
        con.unregister("control_rows")
    made_here = [stream for stream in STREAMS.values() if stream.connector == CALENDAR]
    configured = [stream for stream in STREAMS.values() if stream.connector != CALENDAR]
    zone.create_views(con, made_here)
    zone.create_views(con, configured, sources=sources)


def build_fingerprint(settings: Settings, project: Path | None = None) -> str:
    """Hash of the settings and of the SQL that shape the warehouse; a change makes the build file anew."""
    root = project or dbt_project_dir()
    digest = hashlib.sha256(settings.fingerprint().encode())
    files = [path for folder in SHAPING_FOLDERS for path in (root / folder).rglob("*") if path.is_file()]
    for path in sorted([*files, root / "dbt_project.yml"]):
        digest.update(str(path.relative_to(root)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _manifests(zone: RawZone, settings: Settings) -> list[Manifest]:
    return [
        zone.manifest(stream, source.source_id)
        for source in settings.sources.values()
        for stream in source.streams
    ]


def _opens(path: Path) -> bool:
    """Whether the build file is there and readable; a damaged one is not kept."""
    if not path.is_file():
        return False
    try:
        duckdb.connect(str(path)).close()
    except duckdb.IOException as error:
        if "Could not set lock" in str(error):
            raise WorkspaceError(
                f"{path} is open in another process: {str(error).splitlines()[0]} Close it (readers use the "
                "published file) and run again."
            ) from error
        return False
    except duckdb.Error:
        return False
    return True
