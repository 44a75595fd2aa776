"""The workspace's own Dagster instance: its folder, its ``dagster.yaml``, the environment that selects it.

In goes a workspace, out comes a process environment in which Dagster, dbt and every child process work on
that workspace alone. An unwritable folder is a :class:`WorkspaceError`.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.dagster_postgres import STORAGE_YAML, URL_VARIABLE, postgres_url, require_postgres
from orchestration.errors import WorkspaceError
from orchestration.workspace import HOME_VARIABLE, Workspace

if TYPE_CHECKING:
    import dagster as dg

_HEAD = """\
telemetry:
  enabled: false
nux:
  # No invitation to a mailing list over the first page.
  enabled: false
"""
_FILES = """\
event_log_storage:
  # Dagster's own waits for the disk at each of a run's thousands of small writes.
  module: orchestration.event_log
  class: WorkspaceEventLog
"""
_REST = """\
concurrency:
  # One run at a time: a second one waits in the queue instead of failing on the lock of the warehouse.
  runs:
    max_concurrent_runs: 1
  # Pool duckdb_writer: DuckDB takes one writer.
  pools:
    default_limit: 1
    granularity: op
run_monitoring:
  enabled: false
"""
DAGSTER_YAML = (
    "# Written by Sanjeh when it is missing; edit freely. Dagster's storage is the folder of this file.\n"
    f"{_HEAD}{_FILES}{_REST}"
)
"""Dagster's storage in the workspace."""
POSTGRES_YAML = f"# Written by Sanjeh when it is missing; edit freely.\n{_HEAD}{STORAGE_YAML}{_REST}"
"""Dagster's storage in PostgreSQL (``dagster_postgres``)."""


def activate(workspace: Workspace) -> None:
    """Point Dagster and its child processes at ``workspace``; writes ``dagster.yaml`` where there is none.

    Raises:
        WorkspaceError: the folder can't be written to, or ``dagster.yaml`` and the environment disagree on
            where Dagster's storage is.
    """
    settings = workspace.dagster_home / "dagster.yaml"
    try:
        workspace.dagster_home.mkdir(parents=True, exist_ok=True)
        found = settings.read_text(encoding="utf-8") if settings.exists() else None
        wanted = _agreed(found, settings)
        if wanted != found:
            settings.write_text(wanted, encoding="utf-8")
    except OSError as error:
        raise WorkspaceError(
            f"Dagster's settings {settings} can't be written: {error.strerror or error}. "
            "Check owner, permissions and free space of that folder, then run again."
        ) from error
    os.environ[HOME_VARIABLE] = str(workspace.root)
    os.environ["DAGSTER_HOME"] = str(workspace.dagster_home)
    os.environ.setdefault("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "true")


def require_storage() -> None:
    """See that Dagster's storage can be opened, before Dagster is loaded to try it at length.

    Raises:
        WorkspaceError: it is in PostgreSQL, and that can't be opened.
    """
    url = postgres_url()
    if url is not None:
        require_postgres(url)


def _agreed(found: str | None, settings: Path) -> str:
    """What ``dagster.yaml`` shall say, going by what it says and by the environment."""
    is_on_postgres = postgres_url() is not None
    wanted = POSTGRES_YAML if is_on_postgres else DAGSTER_YAML
    if found is None or found == DAGSTER_YAML:
        return wanted
    if is_on_postgres and "postgres" not in found:
        raise WorkspaceError(
            f"{URL_VARIABLE} is set, but {settings} was edited and doesn't name it. Put these lines into it "
            f"in place of its event_log_storage, or delete the file to have it written anew:\n{STORAGE_YAML}"
        )
    if not is_on_postgres and URL_VARIABLE in found:
        raise WorkspaceError(
            f"{settings} has Dagster's storage in PostgreSQL, and {URL_VARIABLE}, which says where, isn't "
            "set. Set it, or add it to the file .env of the workspace; to go back to files, delete that "
            "file. Nothing was changed."
        )
    return found


def release_dead_run(instance: dg.DagsterInstance, run_id: str) -> None:
    """Tell Dagster that the run ``run_id`` died: its pool slots are freed, and it shows as failed.

    Args:
        instance: the workspace's instance.
        run_id: a run that held the workspace's lock and ended without a word.
    """
    instance.event_log_storage.free_concurrency_slots_for_run(run_id)
    run = instance.get_run_by_id(run_id)
    if run is not None and not run.is_finished:
        instance.report_run_failed(
            run, f"The process of this run died; noticed at {datetime.now(UTC):%Y-%m-%d %H:%M} UTC."
        )
