"""Landing without building, for stories whose earlier mornings nobody reads."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from orchestration.pipeline import open_run
from orchestration.progress import LogProgress
from orchestration.run_lock import run_lock
from orchestration.run_options import RunOptions
from orchestration.settings import load_settings
from orchestration.workspace import Workspace


def land_only(home: Path, clock: datetime, only: frozenset[str] | None = None) -> set[str]:
    """Land the sources of a workspace as a run at ``clock`` does, some or all; returns those that failed."""
    workspace = Workspace(home)
    run_id = f"landing-{clock:%Y%m%d}"
    with _variables_of(workspace):
        workspace.prepare()
        settings = load_settings(workspace)
        options, progress = RunOptions(as_of=clock), LogProgress(_quiet)
        with (
            run_lock(workspace, run_id=run_id, started_at=clock),
            open_run(workspace, settings, options, run_id=run_id, progress=progress) as opened,
        ):
            wanted = [source for name, source in settings.sources.items() if only is None or name in only]
            results = opened.land(wanted, begin=wanted)
    errors = {source: result.error for source, result in results.items() if result.error}
    for source, error in errors.items():
        print(f"landing of {clock}: {source}: {error}")  # noqa: T201 - whoever proves wants to see it
    return set(errors)


@contextmanager
def _variables_of(workspace: Workspace) -> Iterator[None]:
    """The variables of its ``.env`` for a while; the process's own would win over them, and later stories'."""
    before = dict(os.environ)
    for name in [name for name in before if name.startswith("SANJEH_")]:
        del os.environ[name]
    try:
        workspace.load_environment()
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _quiet(_: str) -> None:
    """Nobody reads the log of a landing."""
