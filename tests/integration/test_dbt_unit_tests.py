"""Every dbt unit test passes, on an empty build file."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestration.control import prepare_build
from orchestration.dbt_runtime import dbt_environment, dbt_executable, failed_nodes
from orchestration.run_lock import run_lock
from orchestration.run_state import start_run
from orchestration.settings import load_settings
from orchestration.workspace import Workspace, dbt_project_dir

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
SETTINGS = "project: {name: Empty, currency: EUR}\nbrands:\n  empty: {name: Empty}\n"


def test_every_dbt_unit_test_passes(tmp_path: Path) -> None:
    (tmp_path / "sanjeh.yml").write_text(SETTINGS, encoding="utf-8")
    workspace = Workspace(tmp_path)
    workspace.prepare()
    with run_lock(workspace, run_id="unit-tests", started_at=NOW):
        start_run(workspace, run_id="unit-tests", started_at=NOW)
        prepare_build(workspace, load_settings(workspace), run_id="unit-tests", as_of=NOW, built_at=NOW)

    target = tmp_path / "target"
    done = subprocess.run(
        [
            str(dbt_executable()),
            "--quiet",
            "build",
            "--empty",
            "--exclude-resource-type=test",
            f"--project-dir={dbt_project_dir()}",
            f"--profiles-dir={dbt_project_dir()}",
            f"--target-path={target}",
            f"--log-path={tmp_path / 'logs'}",
        ],
        env={**os.environ, **dbt_environment(workspace)},
        capture_output=True,
        text=True,
        check=False,
    )

    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))
    assert failed_nodes(results) == []
    assert done.returncode == 0, done.stdout + done.stderr
    unit_tests = [r for r in results["results"] if r["unique_id"].startswith("unit_test.")]
    assert len(unit_tests) > 50
