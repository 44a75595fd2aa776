"""How long an analyst waits for one KPI, three years, by channel, from a large published file.

Usage: ``python -m benchmarks.kpi_query``. The largest published file that other modules left in the folder is
asked; where there is none, one of a gigabyte is made. The reader is a process of its own, as an analyst's is:
it opens the file read-only, asks once to warm up, then repeats the question; the median counts,
and the fastest stands beside it.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb

from benchmarks.marts import finished_build
from benchmarks.publishing import FOLDER, GIGABYTES, publish_all
from benchmarks.rows import Row
from benchmarks.table import print_rows

_REPEATS = 21
_BYTES = 1e9
_LIMIT_MS = 100.0


def question(path: Path) -> tuple[str, list[object]]:
    """The query, and the KPI of the file with most days by channel for the brand with most of them."""
    with duckdb.connect(str(path), read_only=True) as con:
        found = con.execute("""
            select brand_id, kpi_id, max(period_start) from marts.fct_kpi_daily
            where segment_type = 'channel' and value is not null
            group by brand_id, kpi_id order by count(*) desc, brand_id, kpi_id limit 1
        """).fetchall()
    if not found:
        raise RuntimeError(f"{path} has no KPI by channel.")
    query = """
        select segment, period_start, numerator, denominator, value, status from marts.fct_kpi_daily
        where brand_id = ? and kpi_id = ? and segment_type = 'channel'
            and period_start > ?::date - interval 3 year
        order by segment, period_start
    """
    return query, list(found[0])


def ask(path: Path) -> None:
    """Ask in this process; prints the median milliseconds and the rows of an answer."""
    query, parameters = question(path)
    with duckdb.connect(str(path), read_only=True) as con:
        rows = len(con.execute(query, parameters).fetchall())
        seconds = []
        for _ in range(_REPEATS):
            started = time.perf_counter()
            con.execute(query, parameters).fetchall()
            seconds.append(time.perf_counter() - started)
    print(statistics.median(seconds) * 1000, min(seconds) * 1000, rows)


def rows(folder: Path) -> Iterator[Row]:
    """Warm milliseconds of the query, with the size of the file."""
    published = sorted(folder.rglob("kpi.duckdb"), key=lambda path: path.stat().st_size)
    if not published:
        workspace = finished_build(folder / FOLDER, gigabytes=GIGABYTES)
        publish_all(workspace)
        published = [workspace.published_file]
    path = published[-1]
    command = [sys.executable, "-m", "benchmarks.kpi_query", str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    median, fastest, count = float(done[0]), float(done[1]), int(done[2])
    yield Row(
        what="KPI query by an analyst (one KPI, 3 years, by channel), warm",
        beside="",
        measured=median,
        target=_LIMIT_MS,
        unit="ms",
        details=f"published file of {path.stat().st_size / _BYTES:.2f} GB, {count:,} rows answered, "
        f"median of {_REPEATS}, fastest {fastest:.0f} ms",
    )


if __name__ == "__main__":
    if sys.argv[1:]:
        ask(Path(sys.argv[1]))
    else:
        print_rows(rows)
