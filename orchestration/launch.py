"""Starts the refresh job in this process, on the workspace's Dagster instance: one code path for all runs.

The caller holds the lock and has activated the workspace. How the run ended stands in the run's record.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

import dagster as dg
from sqlalchemy.exc import DBAPIError

from connectors.core.storage import first_line
from orchestration.definitions import defs
from orchestration.errors import WorkspaceError
from orchestration.jobs import REFRESH_JOB
from orchestration.run_options import RunOptions
from orchestration.schedules import run_config_of
from orchestration.workspace import RESERVE_BYTES


def launch_refresh(options: RunOptions, *, run_id: str, verbose: bool) -> bool:
    """Run the job with ``options`` under ``run_id``; whether every step succeeded.

    Args:
        options: what the run is to do.
        run_id: Dagster's id of the run, and the workspace's.
        verbose: write every Dagster event to stderr, not only what went wrong.

    Raises:
        WorkspaceError: Dagster can't keep its record of the run; most often the disk is full.
    """
    level = "DEBUG" if verbose else "ERROR"
    config = {**run_config_of(options), "loggers": {"console": {"config": {"log_level": level}}}}
    try:
        with dg.DagsterInstance.get() as instance:
            result = defs.resolve_job_def(REFRESH_JOB).execute_in_process(
                run_config=config,
                instance=instance,
                run_id=run_id,
                raise_on_error=False,
                tags={"sanjeh/cadence": options.cadence.value, "sanjeh/trigger": "cli"},
            )
    except (DBAPIError, sqlite3.Error, OSError) as error:
        folder = Path(os.environ["DAGSTER_HOME"])
        raise WorkspaceError(
            f"The run broke off, because its record in {folder} can't be kept: {_reason(error)}. "
            f"{_advice(folder)} Nothing was published, and what was stored before is intact."
        ) from error
    return bool(result.success)


def _reason(error: Exception) -> str:
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    return first_line(cause)


def _advice(folder: Path) -> str:
    free = shutil.disk_usage(folder).free
    if free < RESERVE_BYTES:
        return f"The disk is full ({free / 1e6:,.0f} MB free): free some space and run again."
    return "See that this folder is on a sound disk and can be written to, then run again."
