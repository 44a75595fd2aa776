"""The sensor over the drop folder: one run per state of it, and never for a file still being written."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest

from orchestration.run_state import RunRecord, SourceOutcome
from orchestration.sensors import failure_reason, file_arrived, look_at

NOW = 1_700_000_000.0


def _drop(folder: Path, name: str, text: str = "a", *, age: float = 60.0) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    os.utime(path, (NOW - age, NOW - age))
    return path


def test_a_missing_or_empty_folder_has_nothing(tmp_path: Path) -> None:
    assert look_at(tmp_path / "exports", now=NOW).digest == ""


def test_the_cursor_stays_while_nothing_changes(tmp_path: Path) -> None:
    _drop(tmp_path, "orders/a.csv")
    assert look_at(tmp_path, now=NOW) == look_at(tmp_path, now=NOW + 1000)


@pytest.mark.parametrize("change", ["content", "time", "name", "another"])
def test_the_cursor_moves_when_a_file_changes(tmp_path: Path, change: str) -> None:
    path = _drop(tmp_path, "a.csv")
    before = look_at(tmp_path, now=NOW).digest
    match change:
        case "content":
            _drop(tmp_path, "a.csv", "longer")
        case "time":
            _drop(tmp_path, "a.csv", age=50.0)
        case "name":
            path.rename(tmp_path / "b.csv")
        case _:
            _drop(tmp_path, "b.csv")
    assert look_at(tmp_path, now=NOW).digest != before


@pytest.mark.parametrize(("name", "age"), [("a.csv.part", 60.0), ("a.tmp", 60.0), ("a.csv", 1.0)])
def test_a_file_being_written_waits(tmp_path: Path, name: str, age: float) -> None:
    _drop(tmp_path, name, age=age)
    arrivals = look_at(tmp_path, now=NOW)
    assert (arrivals.digest, arrivals.settled, arrivals.unsettled) == ("", 0, 1)


def test_hidden_and_lock_files_are_nothing(tmp_path: Path) -> None:
    _drop(tmp_path, ".DS_Store")
    _drop(tmp_path, "~$book.xlsx")
    assert look_at(tmp_path, now=NOW).unsettled == 0


def test_the_sensor_asks_once_per_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sanjeh.yml").write_text("project: {}\n")
    monkeypatch.setenv("SANJEH_HOME", str(tmp_path))
    _drop(tmp_path / "exports", "a.csv")
    first = file_arrived(dg.build_sensor_context())
    assert isinstance(first, dg.SensorResult)
    assert first.run_requests is not None
    assert [request.run_key for request in first.run_requests] == [first.cursor]
    assert isinstance(file_arrived(dg.build_sensor_context(cursor=first.cursor)), dg.SkipReason)


def test_an_alert_says_why_the_run_failed() -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    late = SourceOutcome(source_id="web", ok=False, at=at, error="column `date` is missing")
    partial = RunRecord(run_id="a", load_id=1, kind="run", started_at=at, sources={"web": late})
    broken = RunRecord(run_id="b", load_id=2, kind="run", started_at=at, error="The disk is full.")
    runs = [partial, broken]
    assert failure_reason(runs, "a") == "web: column `date` is missing"
    assert failure_reason(runs, "b") == "The disk is full."
    assert failure_reason(runs, "unknown") is None
