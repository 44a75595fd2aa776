"""The known company's workspace: three landings, one build, one published file."""

from __future__ import annotations

import os
import subprocess
from contextlib import ExitStack
from pathlib import Path

import yaml

from orchestration.control import prepare_build
from orchestration.dbt_runtime import dbt_environment, dbt_executable, failed_nodes, read_run_results
from orchestration.run_lock import run_lock
from orchestration.run_state import start_run
from orchestration.settings import load_settings
from orchestration.workspace import Workspace
from tests.integration import warehouse
from tests.integration.landing import land_only
from tests.known_company.brands import NAMES, BrandStory, Surroundings, stories
from tests.known_company.clock import AS_OF, RUNS

PROJECT = {"name": "Known company", "timezone": "UTC", "currency": "EUR"}


def build(
    home: Path,
    *,
    dbt_project: Path | None = None,
    brands: tuple[str, ...] = NAMES,
    every_run: bool = False,
) -> Path:
    """Land everything in three runs, build with the tests of dbt, publish.

    Args:
        home: where the workspace is made; may be there already and empty.
        dbt_project: another dbt project than the checkout's; then the build file is returned.
        brands: those that take part.
        every_run: build and publish in each run, so that the last one adds to what the others built.
    """
    told = stories(brands)
    for run in range(len(RUNS)):
        land_and_perhaps_publish(home, told, run, every_run=every_run)
    workspace = warehouse.Workspace(home)
    return rebuild(home, dbt_project) if dbt_project else workspace.published


def rebuild(home: Path, dbt_project: Path) -> Path:
    """Build the landed workspace anew with another dbt project, without tests; returns the build file.

    Raises:
        AssertionError: a model of that project fails.
    """
    workspace = Workspace(home)
    workspace.load_environment()
    with run_lock(workspace, run_id="rebuild", started_at=AS_OF):
        start_run(workspace, run_id="rebuild", started_at=AS_OF)
        prepare_build(
            workspace,
            load_settings(workspace),
            run_id="rebuild",
            as_of=AS_OF,
            built_at=AS_OF,
            full_refresh=True,
        )
        command = [
            *(str(dbt_executable()), "--quiet", "build", "--exclude-resource-type", "test", "unit_test"),
            *(f"--{name}-dir={dbt_project}" for name in ("project", "profiles")),
            f"--target-path={workspace.dbt_target}",
            f"--log-path={workspace.dbt_logs}",
        ]
        environment = {**os.environ, **dbt_environment(workspace)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            failed = "\n".join(failed_nodes(read_run_results(workspace)))
            raise AssertionError(f"dbt failed: {failed or done.stdout + done.stderr}")
    return workspace.build_db


def land_and_perhaps_publish(
    home: Path, told: dict[str, BrandStory], run: int, *, every_run: bool = False
) -> None:
    """One run: land only, but for the last, which is ``sanjeh run``; or that each time."""
    (home / "exports").mkdir(parents=True, exist_ok=True)
    with ExitStack() as servers:
        around = {name: servers.enter_context(story.serving(run, home)) for name, story in told.items()}
        _configure(home, told, around, run)
        for each in around.values():
            for before in each.earlier:
                before.begin()
                if failed := land_only(home, before.clock, before.sources):
                    raise AssertionError(f"landing of {before.clock}: sources that fail {failed}")
            each.begin()
        failing = {source for each in around.values() for source in each.failing}
        if run < len(RUNS) - 1 and not every_run:
            failed = land_only(home, RUNS[run])
        else:
            done = warehouse.Workspace(home).sanjeh(
                "run", "--as-of", RUNS[run].isoformat(), check=not failing
            )
            failed = {name for name in failing if f"{name}: Source {name}" in done.stdout + done.stderr}
        if failed != failing:
            raise AssertionError(f"run {run}: sources that should fail {failing}, that fail {failed}")


def _configure(home: Path, told: dict[str, BrandStory], around: dict[str, Surroundings], run: int) -> None:
    settings = {
        "project": PROJECT,
        "brands": {name: dict(story.BRAND) for name, story in told.items()},
        "sources": {
            source: config
            for name, story in told.items()
            for source, config in story.sources(run, around[name].addresses).items()
        },
        "publish": {"detail": True, "per_brand": True, "parquet": True},
    }
    plans = {
        "scorecards": [card for story in told.values() for card in story.SCORECARDS],
        "objectives": [objective for story in told.values() for objective in story.OBJECTIVES],
        "budgets": [budget for story in told.values() for budget in story.BUDGETS],
    }
    for name, content in (("sanjeh.yml", settings), ("scorecards.yml", plans)):
        (home / name).write_text(
            yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8"
        )
    environment = {"SANJEH_PII_KEY": "a key of the known company"}
    for each in around.values():
        environment |= each.environment
    text = "".join(f"{name}={value}\n" for name, value in environment.items())
    (home / ".env").write_text(text, encoding="utf-8")
    for name, story in told.items():
        (home / "exports" / name).mkdir(exist_ok=True)
        story.write_exports(home / "exports" / name, run)
