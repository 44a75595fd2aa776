"""Definitions: the table of contents of the Dagster code location.

Loads with or without a workspace: every stream and model is an asset, the configured ones have work to do.
Schedules follow the project's zone and calendar where a workspace is found.
"""

# ruff: noqa: E402 - the collector rests before anything is imported
from __future__ import annotations

import atexit
import gc

# Hundreds of thousands of objects that live as long as the process: the collector would walk them again and
# again while they are made, and at every turn of a run.
gc.disable()

import dagster as dg

from orchestration.assets.published import alerts, build_published_asset, report, run_outcome
from orchestration.assets.raw import RAW_ASSETS
from orchestration.assets.warehouse import build_warehouse_assets, control_inputs
from orchestration.errors import WorkspaceError
from orchestration.jobs import refresh_job
from orchestration.resources import RefreshResource, warehouse_dbt
from orchestration.schedules import REFRESH_RESOURCE, Rhythm, build_schedules
from orchestration.sensors import file_arrived, run_failed
from orchestration.settings import load_settings
from orchestration.workspace import Workspace


def _rhythm() -> Rhythm:
    try:
        workspace = Workspace.find()
    except WorkspaceError:
        return Rhythm()
    return Rhythm.of(load_settings(workspace, require_secrets=False).project)


def build_definitions() -> dg.Definitions:
    """Everything Dagster knows.

    Raises:
        SettingsError: the workspace's ``sanjeh.yml`` is wrong.
        WorkspaceError: the dbt project can't be parsed.
    """
    warehouse = build_warehouse_assets()
    return dg.Definitions(
        assets=[
            *RAW_ASSETS,
            control_inputs,
            warehouse,
            build_published_asset(warehouse),
            report,
            alerts,
            run_outcome,
        ],
        jobs=[refresh_job],
        schedules=build_schedules(_rhythm()),
        sensors=[file_arrived, run_failed],
        resources={REFRESH_RESOURCE: RefreshResource(), "dbt": warehouse_dbt()},
        executor=dg.in_process_executor,
    )


try:
    defs = build_definitions()
finally:
    gc.enable()
gc.freeze()
atexit.register(gc.unfreeze)  # DuckDB's binding counts what is left at the end
