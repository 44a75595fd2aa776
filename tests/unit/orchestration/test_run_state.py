"""Run state: load ids grow, dead runs are marked, a broken or newer file is explained."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from orchestration.errors import WorkspaceError
from orchestration.run_lock import run_lock
from orchestration.run_state import (
    Build,
    Outcome,
    RunRecord,
    SourceOutcome,
    StreamOutcome,
    finish_run,
    mark_building,
    mark_built,
    read_state,
    record_source,
    start_run,
)
from orchestration.workspace import Workspace

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)


def started(workspace: Workspace, run_id: str) -> RunRecord:
    with run_lock(workspace, run_id=run_id, started_at=NOW):
        return start_run(workspace, run_id=run_id, started_at=NOW)


def test_each_run_has_a_higher_load_id_and_the_same_run_keeps_its_own(workspace: Workspace) -> None:
    assert [started(workspace, run).load_id for run in ("a", "a", "b")] == [1, 1, 2]


def test_run_that_never_finished_is_marked_failed_by_the_next(workspace: Workspace) -> None:
    started(workspace, "dead")
    started(workspace, "next")
    dead = read_state(workspace).run("dead")
    assert (dead.outcome, dead.finished_at) == (Outcome.FAILED, NOW)
    runs = duckdb.sql(
        f"select run_id, outcome from read_parquet('{workspace.ledger}/runs/*.parquet')"
    ).fetchall()
    assert runs == [("dead", "failed")]


def test_failed_attempt_keeps_the_time_of_the_last_success(workspace: Workspace) -> None:
    streams = (StreamOutcome(stream_id="orders/orders", rows=5, rejected=1),)
    with run_lock(workspace, run_id="a", started_at=NOW):
        start_run(workspace, run_id="a", started_at=NOW)
        good = SourceOutcome(source_id="shop", ok=True, at=NOW, streams=streams)
        record_source(workspace, run_id="a", outcome=good)
        later = NOW + timedelta(days=1)
        failed = (StreamOutcome(stream_id="orders/orders", rows=5, rejected=1, error="gone"),)
        bad = SourceOutcome(source_id="shop", ok=False, at=later, error="gone", streams=failed)
        record_source(workspace, run_id="a", outcome=bad)
        finish_run(workspace, run_id="a", finished_at=later, outcome=Outcome.PARTIAL)
    state = read_state(workspace)
    stream = state.streams["shop|orders/orders"]
    assert (stream.last_success_at, stream.last_attempt_at, stream.last_error) == (NOW, later, "gone")
    assert state.run("a").sources["shop"].error == "gone"


def test_stream_counts_as_landed_when_another_of_its_source_failed(workspace: Workspace) -> None:
    streams = (
        StreamOutcome(stream_id="hubspot/contacts", rows=5, requests=3),
        StreamOutcome(stream_id="hubspot/forms", error="no scope"),
    )
    with run_lock(workspace, run_id="a", started_at=NOW):
        start_run(workspace, run_id="a", started_at=NOW)
        outcome = SourceOutcome(source_id="crm", ok=False, at=NOW, error="no scope", streams=streams)
        record_source(workspace, run_id="a", outcome=outcome)
    states = read_state(workspace).streams
    assert (states["crm|hubspot/contacts"].last_success_at, states["crm|hubspot/contacts"].last_error) == (
        NOW,
        None,
    )
    assert (states["crm|hubspot/forms"].last_success_at, states["crm|hubspot/forms"].last_error) == (
        None,
        "no scope",
    )


def test_build_covers_its_load_only_after_it_succeeded(workspace: Workspace) -> None:
    with run_lock(workspace, run_id="a", started_at=NOW):
        run = start_run(workspace, run_id="a", started_at=NOW)
        build = Build(
            run_id="a", load_id=run.load_id, as_of=NOW, fingerprint="f", inputs_hash="i", git_revision="g"
        )
        mark_building(workspace, build, anew=True)
        assert (read_state(workspace).built_through, read_state(workspace).build) == (0, None)
        mark_built(workspace, run_id="a")
    assert (read_state(workspace).built_through, read_state(workspace).build) == (1, build)


def test_state_of_a_newer_program_is_left_alone(workspace: Workspace) -> None:
    started(workspace, "a")
    data = json.loads(workspace.state_file.read_text())
    workspace.state_file.write_text(json.dumps({**data, "format_version": 2}))
    with pytest.raises(WorkspaceError, match=r"format 2.*update Sanjeh"):
        read_state(workspace)


def test_damaged_state_says_what_to_do(workspace: Workspace) -> None:
    workspace.state_file.write_text('{"format_version": 1, "runs"')
    with pytest.raises(WorkspaceError, match=r"is damaged.*newest backup"):
        read_state(workspace)


def test_changing_state_without_the_lock_is_refused(workspace: Workspace) -> None:
    with pytest.raises(WorkspaceError, match="doesn't hold its lock"):
        start_run(workspace, run_id="a", started_at=NOW)
