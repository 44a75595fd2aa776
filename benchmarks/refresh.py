"""What a refresh of ``examples/real`` costs beside dbt: a first run, and runs with nothing new.

``python -m benchmarks.refresh`` prints the rows. Each side is a process of its own with all its children; the
repeated ones alternate and the best of each counts, in wall time and in processor time (user and system). The
ratio is that of processor time: on a machine with other work it is the one that can be repeated.

The first run is held against that of commit b6311c1, before issue 7: what is not the engine's work took as
long there as ``BEFORE`` bare imports of Dagster, measured in one run of both. With ``--before CHECKOUT`` (an
earlier commit, set up) its first run is measured anew instead.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb

from benchmarks import startup
from benchmarks.rows import Row
from benchmarks.table import print_rows
from orchestration.dbt_runtime import build_arguments, dbt_executable

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "real"
ROUNDS = 2
BEFORE = 46.0
"""57.5 s of processors beside 1.25 s of a bare import, 2026-11-28."""


@dataclass(frozen=True)
class Spent:
    """Seconds of a command and its children: on the clock, and of processors."""

    wall: float
    processor: float

    def __str__(self) -> str:
        return f"{self.processor:.1f} s of processors in {self.wall:.1f} s"


def rows(folder: Path, *, before: Path | None = None) -> Iterator[Row]:
    """The rows of the quick-start workspace.

    Args:
        folder: with room for a gigabyte in a folder that goes away.
        before: another checkout with its own environment, whose first run is measured beside this one's.
    """
    with tempfile.TemporaryDirectory(dir=folder, prefix="refresh-") as own:
        yield from _rows(Path(own), before)


def _rows(folder: Path, before: Path | None) -> Iterator[Row]:
    home = _workspace(folder / "real")
    first = _spend(_sanjeh(ROOT, home))
    engine = _engine_seconds(home)
    yield from _first_run(folder, first, engine, before)

    again, shell = [], []
    copy = shutil.copytree(home, folder / "shell", copy_function=shutil.copy2)
    for _ in range(ROUNDS):
        again.append(_spend(_sanjeh(ROOT, home)))
        shell.append(_spend(_dbt(copy), environment=_dbt_environment(copy), cwd=ROOT / "dbt_project"))
    ours, theirs = (min(side, key=lambda each: each.processor) for side in (again, shell))
    yield Row(
        what="`sanjeh run` with nothing new, `examples/real`",
        beside="`dbt build` of the same project from the shell",
        measured=ours.processor / theirs.processor,
        target=1.3,
        details=f"{ours}; dbt {theirs}; best of {ROUNDS}",
    )


def _first_run(folder: Path, first: Spent, engine: float, before: Path | None) -> Iterator[Row]:
    ours = first.processor - engine
    if before is None:
        unit = min(startup.seconds(startup.BARE, folder) for _ in range(ROUNDS + 1))
        theirs = BEFORE * unit
        told = f"{BEFORE:.0f} times a bare import of Dagster of {unit:.2f} s"
    else:
        old_home = _workspace(folder / "before")
        old = _spend(_sanjeh(before, old_home))
        old_engine = _engine_seconds(old_home)
        theirs = old.processor - old_engine
        told = f"{old}, {old_engine:.1f} s in DuckDB"
    yield Row(
        what="`sanjeh run` first time, after set-up: what is not the engine's work",
        beside=f"the same of {before.name if before else 'b6311c1, which was first measured'}",
        measured=ours / theirs,
        target=0.5,
        details=f"{first}, {engine:.1f} s of it in DuckDB; before {told}",
    )


def _workspace(home: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, home, copy_function=shutil.copy2))


def _sanjeh(checkout: Path, home: Path) -> list[str]:
    return [str(checkout / ".venv" / "bin" / "sanjeh"), "--workspace", str(home), "run"]


def _dbt(home: Path) -> list[str]:
    """The command of somebody who knows dbt and nothing of Sanjeh; dbt keeps what it parsed in ``home``."""
    places = [f"--target-path={home / 'target'}", f"--log-path={home / 'logs'}"]
    return [str(dbt_executable()), "--quiet", *build_arguments(full_refresh=False), *places]


def _dbt_environment(home: Path) -> Mapping[str, str]:
    return {
        "SANJEH_BUILD_DB": str(home / "warehouse" / "build.duckdb"),
        "SANJEH_TEMP_DIR": str(home / "warehouse" / "tmp"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }


def _engine_seconds(home: Path) -> float:
    """Seconds that DuckDB takes for the statements of every model and test, each alone and once more.

    dbt's own times of a node hold its macros, its log and the wait for the other thread. So the compiled
    selects are run again here: tables as tables, tests as the counts they are; a view costs nothing.
    """
    results = json.loads(
        (home / "dagster" / "dbt" / "target" / "run_results.json").read_text(encoding="utf-8")
    )
    with tempfile.TemporaryDirectory(dir=home) as scratch:
        copy = Path(shutil.copy2(home / "warehouse" / "build.duckdb", scratch))
        with duckdb.connect(str(copy), config={"threads": 2}) as con:
            con.execute("set TimeZone = 'UTC'")
            stored = {name for (name,) in con.execute("select table_name from duckdb_tables()").fetchall()}
            begun = time.process_time()
            for result in results["results"]:
                kind, _, name, *_ = result["unique_id"].split(".")
                code = result.get("compiled_code")
                if code and kind == "model" and name in stored:
                    con.execute(f"create or replace temp table again as {code}")
                elif code and kind == "test":
                    con.execute(f"select count(*) from ({code}) as found").fetchall()
            return time.process_time() - begun


def _spend(command: Sequence[str], *, environment: Mapping[str, str] = {}, cwd: Path | None = None) -> Spent:
    """Run a command to its end.

    Raises:
        RuntimeError: it failed; with its last words.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SANJEH", "DAGSTER"))}
    begun, used = time.monotonic(), _children()
    done = subprocess.run(
        command, env={**kept, **environment}, cwd=cwd, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed: {(done.stdout + done.stderr)[-2000:]}")
    return Spent(wall=time.monotonic() - begun, processor=_children() - used)


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Print the rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--before", type=Path, help="a checkout with its environment, to hold the first run against"
    )
    chosen = parser.parse_args()
    print_rows(partial(rows, before=chosen.before))


if __name__ == "__main__":
    main()
