"""How publishing compares with a bare copy of the same marts into a new file: time and peak memory.

Usage: ``python -m benchmarks.publishing``. Ours is the function that a run calls, a first publication: digest
of every table, sorted copy, history and ledger of every KPI value, checkpoint, sync, swap.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb

from benchmarks.marts import AS_OF, finished_build
from benchmarks.rows import Row
from benchmarks.sides import Prepared, compare, run_module
from connectors.core.sql import literal
from connectors.core.storage import sync_file
from orchestration.publish import publish
from orchestration.run_lock import run_lock
from orchestration.settings import PublishSettings
from orchestration.workspace import Workspace

FOLDER = "publishing"
GIGABYTES = 1.0
_ROUNDS = 2
_BYTES = 1e9


def plain_copy(root: Path, folder: Path) -> Prepared:
    """The yardstick: COPY FROM DATABASE into a file of storage version v1.0.0, and a sync."""
    build, target = Workspace(root).build_db, folder / "copy.duckdb"

    def run() -> None:
        with duckdb.connect(":memory:", config={"temp_directory": str(folder)}) as con:
            con.execute(f"attach {literal(str(build))} as build (read_only)")
            con.execute(f"attach {literal(str(target))} as target (storage_version 'v1.0.0')")
            con.execute("copy from database build to target")
            con.execute("checkpoint target")
            con.execute("detach target")
        sync_file(target)

    return run


def publishing(root: Path, folder: Path) -> Prepared:
    """The same build as that of a workspace where nothing is published yet."""
    shutil.copytree(root, folder / "workspace", copy_function=os.link)
    workspace = Workspace(folder / "workspace")
    return lambda: publish_all(workspace)


def publish_all(workspace: Workspace) -> None:
    """Publish with detail tables, as of the benchmark's clock."""
    with run_lock(workspace, run_id="publishing", started_at=AS_OF):
        done = publish(workspace, PublishSettings(detail=True), published_at=AS_OF)
    if not done.published:
        raise SystemExit(done.message)


SIDES = {"copy": plain_copy, "publish": publishing}


def rows(folder: Path) -> Iterator[Row]:
    """Time beside a bare copy; leaves the build for ``kpi_query``."""
    workspace = finished_build(folder / FOLDER, gigabytes=GIGABYTES)
    size = workspace.build_db.stat().st_size / _BYTES
    found = compare("benchmarks.publishing", list(SIDES), workspace.root, folder, rounds=_ROUNDS)
    yield Row(
        what=f"publish of {size:.2f} GB of marts",
        beside="one COPY FROM DATABASE of the same into a v1.0.0 file + fsync",
        measured=found["publish"].seconds / found["copy"].seconds,
        target=1.3,
        details=f"publish {found['publish']}; copy {found['copy']}",
    )


if __name__ == "__main__":
    run_module(rows, SIDES)
