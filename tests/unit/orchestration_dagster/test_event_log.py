"""The event log: a real instance of a workspace writes and reads it, and the folder may be moved."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import dagster as dg
import pytest

from orchestration.dagster_instance import activate
from orchestration.event_log import OPEN_SHARDS, WorkspaceEventLog
from orchestration.workspace import Workspace


@dg.asset
def numbers() -> None:
    """Has nothing to do but to leave events."""


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    for name in ("SANJEH_HOME", "DAGSTER_HOME"):
        monkeypatch.setenv(name, "")  # put back after the test, whatever activate() sets
    found = Workspace(tmp_path / "first")
    activate(found)
    return found


def _materialise(instance: dg.DagsterInstance) -> str:
    result = dg.materialize([numbers], instance=instance)
    assert result.success
    return result.run_id


def test_events_of_more_runs_than_stay_open_can_all_be_read(workspace: Workspace) -> None:
    with dg.DagsterInstance.get() as instance:
        assert isinstance(instance.event_log_storage, WorkspaceEventLog)
        runs = [_materialise(instance) for _ in range(OPEN_SHARDS + 2)]
        for run_id in runs:
            kinds = {
                record.event_log_entry.dagster_event_type
                for record in instance.get_records_for_run(run_id).records
            }
            assert {dg.DagsterEventType.ASSET_MATERIALIZATION, dg.DagsterEventType.RUN_SUCCESS} <= kinds
        event = instance.get_latest_materialization_event(dg.AssetKey("numbers"))
        assert event is not None
        assert event.run_id == runs[-1]


def test_history_moves_with_the_workspace(workspace: Workspace, tmp_path: Path) -> None:
    with dg.DagsterInstance.get() as instance:
        run_id = _materialise(instance)
    moved = Workspace(tmp_path / "second")
    shutil.move(workspace.root, moved.root)
    activate(moved)
    with dg.DagsterInstance.get() as instance:
        assert instance.get_records_for_run(run_id).records


def test_a_closed_log_leaves_whole_databases_without_a_write_ahead_log(workspace: Workspace) -> None:
    with dg.DagsterInstance.get() as instance:
        run_id = _materialise(instance)
    folder = workspace.dagster_home / "history" / "runs"
    assert list(folder.glob("*-wal")) == []
    with sqlite3.connect(folder / f"{run_id}.db") as connection:
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
