"""Views and tables replace what stands under their name, in one step, whatever it was; a failure leaves it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from orchestration.dbt_runtime import dbt_executable
from orchestration.workspace import dbt_project_dir

PROJECT = """
name: replacing
version: "1.0.0"
config-version: 2
profile: replacing
flags: {send_anonymous_usage_stats: false}
"""
PROFILE = """
replacing:
  target: duckdb
  outputs:
    duckdb: {type: duckdb, path: b.duckdb, threads: 1}
"""
MODEL = """
{{ config(
    materialized=var('kind'),
    pre_hook='create or replace macro made_first() as 1',
    post_hook="comment on " ~ var('kind') ~ " {{ this }} is 'hooked'"
) }}
select {{ var('value') }} as held, made_first() as one
"""
Build = Callable[..., int]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Builds one model of a project that has Sanjeh's materializations; the exit code of dbt."""
    macros = tmp_path / "macros"
    macros.mkdir()
    ours = dbt_project_dir() / "macros" / "replacing_materializations.sql"
    shutil.copy(ours, macros)
    (tmp_path / "dbt_project.yml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "profiles.yml").write_text(PROFILE, encoding="utf-8")
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "model.sql").write_text(MODEL, encoding="utf-8")

    def run(kind: str, value: str) -> int:
        command = [
            str(dbt_executable()),
            "--quiet",
            "run",
            "--vars",
            json.dumps({"kind": kind, "value": value}),
        ]
        return subprocess.run(command, cwd=tmp_path, check=False, capture_output=True).returncode

    return run


def _stored(tmp_path: Path) -> list[tuple[str, str, str]]:
    """(kind, comment, content) of every relation of the build file."""
    with duckdb.connect(str(tmp_path / "b.duckdb"), read_only=True) as con:
        found = con.execute("""
            select 'view', comment, view_name from duckdb_views() where not internal
            union all
            select 'table', comment, table_name from duckdb_tables()
        """).fetchall()
        return [
            (kind, comment, con.execute(f"select held from {name}").fetchall()[0][0])
            for kind, comment, name in found
        ]


def test_each_kind_takes_the_place_of_the_other_and_runs_its_hooks(build: Build, tmp_path: Path) -> None:
    for value, kind in zip("abcde", ("view", "table", "table", "view", "view"), strict=True):
        assert build(kind, f"'{value}'") == 0
        assert _stored(tmp_path) == [(kind, "hooked", value)]


@pytest.mark.parametrize("kind", ["view", "table"])
def test_a_failure_leaves_what_was_there(kind: str, build: Build, tmp_path: Path) -> None:
    assert build(kind, "'before'") == 0
    before = _stored(tmp_path)
    assert build("table", "error('this value never was')") == 1
    assert _stored(tmp_path) == before
    assert build("view", "no_such_column") == 1
    assert _stored(tmp_path) == before
