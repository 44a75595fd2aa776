"""What a user reads when something is wrong: one paragraph on stderr, exit code 1, never a stack trace."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestration.run_lock import run_lock
from orchestration.workspace import Workspace

SETTINGS = """\
project: {name: Shop, currency: GBP}
brands:
  shop: {name: Shop}
sources: {}
"""


def sanjeh(
    *words: str, home: Path | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "SANJEH_HOME"}
    command = [sys.executable, "-m", "orchestration.cli", *(["-w", str(home)] if home else []), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=cwd)


def _is_paragraph(done: subprocess.CompletedProcess[str]) -> bool:
    return done.returncode == 1 and done.stderr.startswith("Error: ") and "Traceback" not in done.stderr


@pytest.fixture
def home(workspace: Path) -> Path:
    (workspace / "sanjeh.yml").write_text(SETTINGS, encoding="utf-8")
    return workspace


def test_help_lists_every_command() -> None:
    done = sanjeh("--help")
    assert done.returncode == 0
    for command in [
        "init",
        "check",
        "run",
        "backfill",
        "scorecard",
        "status",
        "report",
        "publish",
        "rollback",
        "versions",
        "dev",
    ]:
        assert f"\n  {command} " in done.stdout


@pytest.mark.parametrize(
    "command", ["check", "run", "scorecard", "status", "report", "publish", "rollback", "versions"]
)
def test_a_folder_without_settings_is_no_workspace(tmp_path: Path, command: str) -> None:
    done = sanjeh(command, cwd=tmp_path)
    assert _is_paragraph(done)
    assert "sanjeh init" in done.stderr


def test_an_unknown_key_names_its_place(home: Path) -> None:
    (home / "sanjeh.yml").write_text(SETTINGS.replace("currency:", "curency:"), encoding="utf-8")
    done = sanjeh("run", home=home)
    assert _is_paragraph(done)
    assert "sanjeh.yml:1" in done.stderr
    assert "curency" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "--from", "2026-11-01"], "--to"),
        (["run", "--from", "2026-11-05", "--to", "2026-11-01"], "before"),
        (["run", "--from", "yesterday", "--to", "2026-11-01"], "--from"),
        (["run", "--as-of", "soon"], "--as-of"),
        (["run", "--full-refresh", "--source", "a"], "--full-refresh"),
        (["run", "--source", "nobody"], "nobody"),
    ],
)
def test_options_that_make_no_sense_are_explained(home: Path, words: list[str], said: str) -> None:
    done = sanjeh(*words, home=home)
    assert _is_paragraph(done)
    assert said in done.stderr


def test_wrong_usage_is_exit_code_two(home: Path) -> None:
    assert sanjeh("run", "--cadence", "hourly", home=home).returncode == 2
    assert sanjeh("dance", home=home).returncode == 2


def test_a_second_run_is_told_who_holds_the_lock(home: Path) -> None:
    workspace = Workspace.find(home)
    workspace.prepare()
    with run_lock(workspace, run_id="the-first", started_at=datetime.now(UTC)):
        done = sanjeh("run", home=home)
    assert _is_paragraph(done)
    assert "the-first" in done.stderr
    assert str(os.getpid()) in done.stderr


@pytest.mark.parametrize("command", ["scorecard", "report", "rollback", "publish"])
def test_commands_on_a_workspace_that_never_ran_say_what_to_do(home: Path, command: str) -> None:
    done = sanjeh(command, home=home)
    assert _is_paragraph(done)
    assert "sanjeh run" in done.stderr or "nothing" in done.stderr.lower()


def test_debug_adds_the_stack_trace(home: Path) -> None:
    done = sanjeh("--debug", "scorecard", home=home)
    assert "Traceback" in done.stderr


def test_reading_commands_import_neither_dagster_nor_dbt() -> None:
    program = (
        "import sys, orchestration.cli as c\n"
        "for name in ('scorecard', 'status', 'report', 'versions', 'publish', 'check', 'run'):\n"
        "    c.cli.get_command(None, name)\n"
        "print([m for m in ('dagster', 'dbt', 'dagster_dbt') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
