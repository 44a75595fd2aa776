"""A build file without any data, for dbt's unit tests."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb

from orchestration.control import prepare_build
from orchestration.run_lock import run_lock
from orchestration.run_state import start_run
from orchestration.settings import load_settings
from orchestration.workspace import Workspace
from tests.properties.compiling import mark_slices

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
SETTINGS = "project: {name: Empty, currency: EUR}\nbrands:\n  empty: {name: Empty}\n"


def prepare(home: str) -> None:
    """Make the workspace ``home`` and write the control tables and raw views of its build file."""
    root = Path(home)
    root.mkdir(parents=True)
    (root / "sanjeh.yml").write_text(SETTINGS, encoding="utf-8")
    workspace = Workspace(root)
    workspace.prepare()
    with run_lock(workspace, run_id="empty", started_at=NOW):
        start_run(workspace, run_id="empty", started_at=NOW)
        prepare_build(workspace, load_settings(workspace), run_id="empty", as_of=NOW, built_at=NOW)
    with duckdb.connect(str(workspace.build_db)) as con:
        mark_slices(con)
