"""Starts the refresh job in this process, on the workspace's Dagster instance: one code path for all runs.

The caller holds the lock and has activated the workspace. How the run ended stands in the run's record.
"""

from __future__ import annotations

import dagster as dg

from orchestration.definitions import defs
from orchestration.jobs import REFRESH_JOB
from orchestration.run_options import RunOptions
from orchestration.schedules import run_config_of


def launch_refresh(options: RunOptions, *, run_id: str, verbose: bool) -> bool:
    """Run the job with ``options`` under ``run_id``; whether every step succeeded.

    Args:
        options: what the run is to do.
        run_id: Dagster's id of the run, and the workspace's.
        verbose: write every Dagster event to stderr, not only what went wrong.
    """
    level = "DEBUG" if verbose else "ERROR"
    config = {**run_config_of(options), "loggers": {"console": {"config": {"log_level": level}}}}
    with dg.DagsterInstance.get() as instance:
        result = defs.resolve_job_def(REFRESH_JOB).execute_in_process(
            run_config=config,
            instance=instance,
            run_id=run_id,
            raise_on_error=False,
            tags={"sanjeh/cadence": options.cadence.value, "sanjeh/trigger": "cli"},
        )
    return bool(result.success)
