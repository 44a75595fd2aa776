"""GA4 event exports at scale: first build beside hand-written SQL, one new day beside one on a thirtieth.

The thirtieth is one of the days: three days as large as those of the whole, and a fourth that is new.

Usage: ``python -m benchmarks.events FOLDER [MILLIONS]``; 100 by default, which takes 10 GB of disk. Every
size is checked against the generator's answers before a row is given; what both sides say is compared cell by
cell at small size by ``tests/integration/test_event_benchmark.py``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb

from benchmarks.event_pipeline import Measured
from benchmarks.event_sizes import DAYS, SizedExport, sized
from benchmarks.rows import Row
from benchmarks.table import line

MILLIONS = 100.0
_FEW_DAYS = 4
_BUILD_TARGET = 1.5
_DAY_TARGET = 1.2
_MEMORY_MIB = 4096


def rows(folder: Path, millions: float = MILLIONS) -> Iterator[Row]:
    """The rows; leaves the published file of the large export below ``folder/events``."""
    place = folder / "events"
    large = sized(place, millions)
    small = sized(place, round(millions * _FEW_DAYS / DAYS, 1), days=_FEW_DAYS)
    large.prepare()
    landing, build = large.first()
    hand = _hand_written(large)
    size = large.finish(landing, build)
    large.workspace.publish(large.export.last_day)
    what = f"{size.events / 1e6:,.0f} M events, 90 days, {size.export_megabytes / 1000:.1f} GB of Parquet"
    beside = "hand-written DuckDB over the same export to the same facts"
    yield Row(
        what=f"{what}: sessions, traffic and KPI facts, first build",
        beside=beside,
        measured=build.seconds / hand.seconds,
        target=_BUILD_TARGET,
        details=f"dbt build with all models and tests {build}; hand-written {hand}",
    )
    yield Row(
        what=f"{what}: landing and first build",
        beside=beside,
        measured=size.first_seconds / hand.seconds,
        target=_BUILD_TARGET,
        details=f"landing {landing}, {landing.rows / landing.seconds:,.0f} rows/s; dbt build {build}",
    )
    yield Row(
        what=f"{what}: largest process of landing and builds",
        beside="",
        measured=size.megabytes,
        target=_MEMORY_MIB,
        unit=" MiB",
        details=f"landing {landing.megabytes:,.0f}, first build {build.megabytes:,.0f}, one day "
        f"{size.day_build.megabytes:,.0f}",
    )
    other = small.measure()
    small.forget_data()
    yield Row(
        what=f"one new day on {size.events / 1e6:,.0f} M events: landing and build",
        beside=f"a day as large on {other.landing.rows / 1e6:,.1f} M, {_FEW_DAYS - 1} days",
        measured=size.day_seconds / other.day_seconds,
        target=_DAY_TARGET,
        details=f"{size.day_seconds:.1f} s ({size.day_cpu_seconds:.1f} s of processor) beside "
        f"{other.day_seconds:.1f} s ({other.day_cpu_seconds:.1f} s)",
    )


def _hand_written(export: SizedExport) -> Measured:
    """The yardstick over the days that the first build has, in a process of its own."""
    with duckdb.connect(str(export.workspace.build_db), read_only=True) as con:
        ((salt,),) = con.execute("select customer_salt from control.brands").fetchall()
    database = export.folder / "hand_written.duckdb"
    database.unlink(missing_ok=True)
    command = [sys.executable, "-m", "benchmarks.hand_written_events", str(export.workspace.exports)]
    done = subprocess.run([*command, str(database), salt], capture_output=True, text=True, check=False)
    database.unlink(missing_ok=True)
    if done.returncode != 0:
        raise RuntimeError(f"hand-written SQL: {done.stderr[-2000:]}")
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


if __name__ == "__main__":
    for row in rows(Path(sys.argv[1]), *map(float, sys.argv[2:3])):
        print(line(row), flush=True)
