"""Publishing: from a finished build to the file that readers open, and back to an earlier version.

``publish`` copies the marts of the build into a new version file, adds the publication and the history of
every value, swaps it in and completes the ledger. ``rollback`` swaps an earlier version in and holds
publishing. Both want the run lock. Whatever goes wrong is a :class:`PublishError` (or WorkspaceError), and
readers still see what they saw before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

import duckdb

from connectors.core.storage import disk_problem, first_line, sync_folder
from orchestration import published_file as file
from orchestration.alerts.record import AlertRecord
from orchestration.errors import PublishError
from orchestration.ledger import GRAINS, Event, Ledger
from orchestration.publication_changes import CURRENT, create_deltas
from orchestration.published_copies import present_copies, refresh_copies
from orchestration.run_lock import require_lock
from orchestration.run_state import ERASE, Build, Hold, read_state, write_hold
from orchestration.settings import PublishSettings
from orchestration.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class PublishResult:
    """What publishing did.

    Attributes:
        published: a new version was made.
        version: the version that readers see now; None where there is none.
        message: one sentence for a person.
        tables: rows by published table.
        bytes: size of the published file.
    """

    published: bool
    version: int | None
    message: str
    tables: Mapping[str, int]
    bytes: int


@dataclass(frozen=True, kw_only=True)
class RollbackResult:
    """Which version readers see now, and which one they saw before."""

    version: int
    from_version: int
    message: str


@dataclass(frozen=True, kw_only=True)
class Version:
    """A retained version; times are UTC."""

    number: int
    published_at: datetime
    run_id: str
    as_of: datetime
    rows: int
    bytes: int
    is_current: bool


def publish(
    workspace: Workspace, settings: PublishSettings, *, published_at: datetime, release_hold: bool = False
) -> PublishResult:
    """Publish the finished build, unless it holds nothing new or publishing is held.

    Args:
        workspace: this process holds its lock.
        settings: what is published and how many versions are kept.
        published_at: when readers begin to see it, aware.
        release_hold: publish although a rollback holds publishing, and end the hold.

    Raises:
        PublishError: there is no finished build, or the file can't be made.
        WorkspaceError: no lock, no space, or a ledger of a newer format.
    """
    require_lock(workspace)
    result = _publish_file(workspace, settings, published_at=published_at, release_hold=release_hold)
    if result.version is None:
        return result
    done = refresh_copies(
        workspace, per_brand=settings.per_brand, parquet=settings.parquet, keep=settings.keep
    )
    return replace(result, message=" ".join((result.message, *done)))


def _publish_file(
    workspace: Workspace, settings: PublishSettings, *, published_at: datetime, release_hold: bool
) -> PublishResult:
    state = read_state(workspace)
    build = state.build
    if build is None or not workspace.build_db.is_file():
        raise PublishError(
            f"There is no finished build in {workspace.build_db}: the last one failed, broke off, or never "
            "ran. What readers see is unchanged. Run `sanjeh run`; it publishes when all tests pass."
        )
    workspace.require_space(copies=settings.copies)
    with _publishing(workspace) as con:
        ledger = Ledger(workspace)
        current = _current(con, workspace, ledger)
        if state.hold is not None and not release_hold:
            message = (
                f"Not published: publishing is held since {state.hold.since:%Y-%m-%d %H:%M} UTC by a "
                f"rollback to version {state.hold.version}. `sanjeh publish` publishes this build and ends "
                "the hold."
            )
            return _unpublished(workspace, current, message)
        file.attach(con, workspace.build_db, "build")
        tables = _tables_to_publish(con, settings)
        digests = {
            table: file.table_digest(con, "build", table, columns) for table, columns in tables.items()
        }
        digest = file.content_digest(digests)
        if current is not None and current.content_digest == digest:
            write_hold(workspace, None)
            message = f"Nothing new to publish: version {current.version} holds exactly this content."
            return _unpublished(workspace, current, message, {table: d.rows for table, d in digests.items()})
        event = _next_event(
            ledger,
            current,
            build=build,
            digest=digest,
            rows=sum(d.rows for d in digests.values()),
            published_at=published_at,
        )
        version_file = workspace.versions / f"kpi-{event.version}.duckdb"
        with file.new_file(con, version_file) as aside:
            con.begin()
            for table, columns in tables.items():
                file.copy_table(con, table, columns)
            con.commit()
            create_deltas(
                con,
                ledger,
                event,
                catalog="build",
                current=current,
                tables=tables,
                erasing_loads=[run.load_id for run in state.runs if run.kind == ERASE],
            )
            file.write_publication(con, event, digests)
            AlertRecord(workspace).create_view(con)
            file.write_history(con)
            ledger.write_event_files(con, event.event_id)
            file.close_target(con, aside)
            aside.replace(version_file)
            sync_folder(version_file.parent)
        file.swap_in(version_file, workspace.published_file)
        ledger.commit(event)
    write_hold(workspace, None)
    _drop_old_versions(workspace, keep=settings.keep, current=event.version)
    return PublishResult(
        published=True,
        version=event.version,
        message=f"Published version {event.version}: {len(tables)} tables, {event.rows:,} rows.",
        tables={table: d.rows for table, d in digests.items()},
        bytes=workspace.published_file.stat().st_size,
    )


def rollback(workspace: Workspace, *, rolled_back_at: datetime, version: int | None = None) -> RollbackResult:
    """Let readers see an earlier version again, and hold publishing until ``publish(release_hold=True)``.

    Args:
        workspace: this process holds its lock.
        rolled_back_at: when readers begin to see it, aware.
        version: a retained version; default is the newest one below what readers see.

    Raises:
        PublishError: nothing is published, or that version isn't retained.
    """
    require_lock(workspace)
    result = _restore_file(workspace, rolled_back_at=rolled_back_at, version=version)
    # Those that are there follow: a rollback must go through with settings that are broken.
    per_brand, parquet = present_copies(workspace)
    done = refresh_copies(workspace, per_brand=per_brand, parquet=parquet)
    return replace(result, message=" ".join((result.message, *done)))


def _restore_file(workspace: Workspace, *, rolled_back_at: datetime, version: int | None) -> RollbackResult:
    with _publishing(workspace) as con:
        ledger = Ledger(workspace)
        current = _current(con, workspace, ledger)
        if current is None:
            raise PublishError("Nothing has been published yet, so there is nothing to roll back to.")
        retained = {event.version: event for event in _retained(workspace, ledger)}
        older = [number for number in retained if number < current.version]
        wanted = version if version is not None else max(older, default=None)
        if wanted is None or wanted not in retained:
            asked = f"no version {wanted}" if wanted is not None else f"no version before {current.version}"
            kept = f"Kept: {', '.join(map(str, sorted(retained)))}" if retained else "None is kept"
            raise PublishError(
                f"There is {asked} to roll back to. {kept} (`sanjeh versions` lists them). "
                f"Readers still see version {current.version}."
            )
        if wanted == current.version:
            raise PublishError(f"Readers already see version {wanted}; nothing was changed.")
        # Held first: after a crash in between, a scheduled run must not publish over what was asked for.
        write_hold(workspace, Hold(version=wanted, since=rolled_back_at))
        event = Event(
            **{
                **vars(retained[wanted]),
                "event_id": ledger.last_event_id() + 1,
                "kind": "rolled_back",
                "published_at": rolled_back_at,
            }
        )
        restored = workspace.published / f".kpi-{wanted}.restored"
        with file.new_file(con, restored, copy_of=workspace.versions / f"kpi-{wanted}.duckdb") as aside:
            tables = file.mart_tables(con, "target")
            create_deltas(con, ledger, event, catalog="target", current=current, tables=tables)
            con.execute(
                "update target.marts.publication set event_id = ?, restored_at = ?",
                [event.event_id, file.naive_utc(rolled_back_at)],
            )
            AlertRecord(workspace).create_view(con)
            file.write_history(con)
            ledger.write_event_files(con, event.event_id)
            file.close_target(con, aside)
            file.swap_in(aside, workspace.published_file)
            aside.unlink()
        ledger.commit(event)
    return RollbackResult(
        version=wanted,
        from_version=current.version,
        message=(
            f"Readers see version {wanted} again (before: {current.version}). Publishing is held "
            "until `sanjeh publish`."
        ),
    )


def versions(workspace: Workspace) -> tuple[Version, ...]:
    """Retained versions, oldest first; reads only."""
    ledger = Ledger(workspace)
    current = None
    if workspace.published_file.is_file():
        with _publishing(workspace) as con:
            file.attach(con, workspace.published_file, CURRENT)
            current = file.read_event(con, workspace.published_file, CURRENT).version
    return tuple(
        Version(
            number=event.version,
            published_at=event.published_at,
            run_id=event.run_id,
            as_of=event.as_of,
            rows=event.rows,
            bytes=(workspace.versions / f"kpi-{event.version}.duckdb").stat().st_size,
            is_current=event.version == current,
        )
        for event in _retained(workspace, ledger)
    )


def _retained(workspace: Workspace, ledger: Ledger) -> list[Event]:
    """Publications whose version file is still there, oldest first."""
    return [
        event
        for event in ledger.events()
        if event.kind == "published" and (workspace.versions / f"kpi-{event.version}.duckdb").is_file()
    ]


def _current(con: duckdb.DuckDBPyConnection, workspace: Workspace, ledger: Ledger) -> Event | None:
    """What readers see now, attached as ``published``; a ledger that lags behind it is completed."""
    if not workspace.published_file.is_file():
        return None
    file.attach(con, workspace.published_file, CURRENT)
    event = file.read_event(con, workspace.published_file, CURRENT)
    ledger.repair(con, CURRENT, event)
    return event


def _tables_to_publish(
    con: duckdb.DuckDBPyConnection, settings: PublishSettings
) -> dict[str, dict[str, str]]:
    tables = file.mart_tables(con, "build")
    missing = [name for suffix in GRAINS.values() if (name := f"fct_kpi_{suffix}") not in tables]
    if missing:
        raise PublishError(
            f"The build lacks {', '.join(missing)} in schema marts, so it was not published. Run "
            "`sanjeh run --full-refresh`."
        )
    left_out = file.OWN_TABLES if settings.detail else file.OWN_TABLES | file.DETAIL_TABLES
    return {table: columns for table, columns in tables.items() if table not in left_out}


def _next_event(
    ledger: Ledger, current: Event | None, *, build: Build, digest: str, rows: int, published_at: datetime
) -> Event:
    events = ledger.events()
    newest = max([0, *(event.version for event in events), *([current.version] if current else [])])
    return Event(
        event_id=ledger.last_event_id() + 1,
        kind="published",
        version=newest + 1,
        published_at=published_at,
        run_id=build.run_id,
        load_id=build.load_id,
        git_revision=build.git_revision,
        as_of=build.as_of,
        fingerprint=build.fingerprint,
        inputs_hash=build.inputs_hash,
        content_digest=digest,
        rows=rows,
    )


@contextmanager
def _publishing(workspace: Workspace) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to work on; failures of disk and engine become PublishError."""
    try:
        with file.memory_connection(workspace.temp) as con:
            yield con
    except (duckdb.Error, OSError) as error:
        reason = first_line(error)
        if "not a valid DuckDB database" in reason:
            advice = "That file is damaged: move it away and run `sanjeh run`, which makes it anew"
        else:
            advice = disk_problem(error) or "Run again; if it stays, run with --debug and report it"
        raise PublishError(
            f"The published file {workspace.published_file} was not changed: {reason}. {advice}."
        ) from error


def _drop_old_versions(workspace: Workspace, *, keep: int, current: int) -> None:
    """Delete version files beyond the newest ``keep``, never the one readers see."""
    numbers = sorted(int(path.stem.removeprefix("kpi-")) for path in workspace.versions.glob("kpi-*.duckdb"))
    for number in numbers[:-keep]:
        if number != current:
            (workspace.versions / f"kpi-{number}.duckdb").unlink()


def _unpublished(
    workspace: Workspace, current: Event | None, message: str, tables: Mapping[str, int] | None = None
) -> PublishResult:
    return PublishResult(
        published=False,
        version=current.version if current else None,
        message=message,
        tables=tables or {},
        bytes=workspace.published_file.stat().st_size if current else 0,
    )
