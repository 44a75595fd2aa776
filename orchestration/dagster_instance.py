"""The workspace's own Dagster instance: its folder, its ``dagster.yaml``, the environment that selects it.

In goes a workspace, out comes a process environment in which Dagster, dbt and every child process work on
that workspace alone. An unwritable folder is a :class:`WorkspaceError`.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from orchestration.errors import WorkspaceError
from orchestration.workspace import HOME_VARIABLE, Workspace

if TYPE_CHECKING:
    import dagster as dg

DAGSTER_YAML = """\
# Written by Sanjeh when it is missing; edit freely. Dagster's storage is the folder of this file.
telemetry:
  enabled: false
nux:
  # No invitation to a mailing list over the first page.
  enabled: false
event_log_storage:
  # Dagster's own waits for the disk at each of a run's thousands of small writes.
  module: orchestration.event_log
  class: WorkspaceEventLog
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


def activate(workspace: Workspace) -> None:
    """Point Dagster and its child processes at ``workspace``; writes ``dagster.yaml`` where there is none.

    Raises:
        WorkspaceError: the folder can't be written to.
    """
    settings = workspace.dagster_home / "dagster.yaml"
    try:
        workspace.dagster_home.mkdir(parents=True, exist_ok=True)
        if not settings.exists():
            settings.write_text(DAGSTER_YAML, encoding="utf-8")
    except OSError as error:
        raise WorkspaceError(
            f"Dagster's settings {settings} can't be written: {error.strerror or error}. "
            "Check owner, permissions and free space of that folder, then run again."
        ) from error
    os.environ[HOME_VARIABLE] = str(workspace.root)
    os.environ["DAGSTER_HOME"] = str(workspace.dagster_home)
    os.environ.setdefault("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "true")


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
