"""The parsed dbt project: parsed once, whole or not at all, by one process at a time; and as Dagster's assets."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from dagster_dbt import dbt_assets

from orchestration.assets.dbt_nodes import WarehouseTranslator, dbt_specs
from orchestration.dbt_program import STATE_VARIABLE
from orchestration.errors import WorkspaceError
from orchestration.parsed_project import KEPT, parsed_project, project_hash

PROFILE = """
small:
  target: duckdb
  outputs:
    duckdb: {type: duckdb, path: "{{ env_var('SANJEH_BUILD_DB') }}", threads: 1}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A dbt project of one model."""
    folder = tmp_path / "project"
    (folder / "models").mkdir(parents=True)
    (folder / "dbt_project.yml").write_text(
        "{name: small, version: 1.0.0, config-version: 2, profile: small}", encoding="utf-8"
    )
    (folder / "profiles.yml").write_text(PROFILE, encoding="utf-8")
    (folder / "models" / "one.sql").write_text("select 1 as n", encoding="utf-8")
    return folder


def test_two_processes_parse_a_project_once_and_dbt_builds_from_it_anywhere(
    project: Path, tmp_path: Path
) -> None:
    """The build works in another database than the parse named, and says that it parsed nothing."""
    ask = (
        "from pathlib import Path; from orchestration.parsed_project import parsed_project; "
        f"print(parsed_project(Path({str(project)!r})).state)"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", ask], stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    states = {each.communicate(timeout=300)[0].strip() for each in processes}
    assert len(states) == 1
    kept = project / "target" / "parsed"
    assert [path.name for path in kept.iterdir() if path.is_dir()] == [project_hash(project)[:16]]

    (project / "models" / "one.sql").unlink()  # what is built comes from the parsed project, not from files
    target = tmp_path / "target"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "orchestration.dbt_program", "build"),
            *(f"--{name}-dir={project}" for name in ("project", "profiles")),
            f"--target-path={target}",
            f"--log-path={target}",
        ],
        env={**os.environ, "SANJEH_BUILD_DB": str(tmp_path / "build.duckdb"), STATE_VARIABLE: states.pop()},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    assert [result["unique_id"] for result in results] == ["model.small.one"]


def test_an_edited_project_is_parsed_again_and_old_ones_are_dropped(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parse(_: Path, *, into: Path) -> None:
        into.mkdir()
        (into / "manifest.json").write_text("{}", encoding="utf-8")
        (into / "partial_parse.msgpack").write_text("", encoding="utf-8")
        os.utime(into, (len(seen), len(seen)))

    monkeypatch.setattr("orchestration.parsed_project._parse", parse)
    seen: list[Path] = []
    for number in range(KEPT + 2):
        (project / "models" / "one.sql").write_text(f"select {number} as n", encoding="utf-8")
        seen.append(parsed_project(project).manifest)
    assert len(set(seen)) == len(seen)
    assert [path for path in seen if path.is_file()] == seen[-KEPT:]


def test_a_project_that_does_not_parse_leaves_nothing_and_says_what_dbt_says(project: Path) -> None:
    (project / "models" / "one.sql").write_text("select * from {{ ref('nowhere') }}", encoding="utf-8")
    with pytest.raises(WorkspaceError, match="nowhere"):
        parsed_project(project)
    assert [path for path in (project / "target" / "parsed").iterdir() if path.is_dir()] == []


def test_assets_and_checks_are_those_that_dagster_dbt_makes() -> None:
    manifest = json.loads(parsed_project().manifest.read_bytes())
    translator = WarehouseTranslator()

    @dbt_assets(manifest=manifest, dagster_dbt_translator=translator, name="theirs")
    def theirs():  # type: ignore[no-untyped-def] # Dagster reads the annotation
        yield None

    specs, checks = dbt_specs(manifest, translator)
    assert {spec.key: spec for spec in specs} == {spec.key: spec for spec in theirs.specs}
    assert {check.key: check for check in checks} == {check.key: check for check in theirs.check_specs}
