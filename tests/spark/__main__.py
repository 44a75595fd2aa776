"""``make test-spark``: part of the known company built by DuckDB and by Spark, every cell of every mart compared.

Usage: ``python -m tests.spark [--cluster] [--brand NAME] [--home DIR]``. The company lands in three runs, with
late rows, restatements, merges and deletes in the later ones. DuckDB builds in each run and so incrementally;
Spark builds once what is there after all three, by ``sanjeh run --target spark``, on a local session or on a
standalone cluster of a master and two workers. Differences stand above the last line; exit 1 if there are any.
"""

# ruff: noqa: T201 - this is a program that prints

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from orchestration.spark.cluster import cluster
from orchestration.spark.installation import CONF, MASTER
from tests.integration import warehouse
from tests.known_company import workspace
from tests.known_company.brands import NAMES
from tests.known_company.clock import AS_OF
from tests.spark.parity import compare

BRANDS = ("orion",)
"""The brand with files and APIs of every family; all five take DuckDB and Spark three times as long."""
SHORT_LIVED = {"spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=512m"}
"""Java's second compiler would be at work longer than its code is in use."""


def main() -> int:
    """Land, build twice, compare."""
    parser = argparse.ArgumentParser(prog="python -m tests.spark")
    parser.add_argument(
        "--cluster", action="store_true", help="a standalone cluster instead of a local session"
    )
    parser.add_argument(
        "--brand", action="append", choices=NAMES, help="this brand; may be given several times"
    )
    parser.add_argument("--home", type=Path, help="workspace to make and keep, or one made so before")
    options = parser.parse_args()
    with ExitStack() as stack:
        home = options.home or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="spark-parity-")))
        ours = home / "duckdb.build.duckdb"
        build_db = home / "warehouse" / "build.duckdb"
        if not ours.exists():
            workspace.build(home, brands=tuple(options.brand or BRANDS), every_run=True)
            shutil.copyfile(build_db, ours)
        began = time.monotonic()
        place = warehouse.Workspace(home)
        again = ("run", "--full-refresh", "--as-of", AS_OF.isoformat())
        place.sanjeh(*again)
        on_duckdb = time.monotonic() - began
        where = "a local session"
        variables = {CONF: json.dumps(SHORT_LIVED)}
        if options.cluster:
            began = time.monotonic()
            variables[MASTER] = stack.enter_context(cluster())
            where = f"a cluster of two workers (up in {time.monotonic() - began:.0f} s)"
        with (home / ".env").open("a", encoding="utf-8") as file:
            file.writelines(f"{name}='{value}'\n" for name, value in variables.items())
        began = time.monotonic()
        done = place.sanjeh(*again, "--target", "spark")
        on_spark = time.monotonic() - began
        print(*(line for line in done.stderr.splitlines() if "ublish" in line), sep="\n")
        found = compare(ours, build_db)
    for line in found.differing:
        print(line)
    print(
        f"Spark on {where}: {found.tables} marts, {found.rows:,} rows, {found.cells:,} cells compared with DuckDB, "
        f"{len(found.differing):,} differ, {found.inexact:,} rows only in the last bits of a float; full refresh "
        f"{on_duckdb:.0f} s on DuckDB, {on_spark:.0f} s on Spark ({on_spark / on_duckdb:.1f}x)"
    )
    return int(bool(found.differing) or not found.cells)


if __name__ == "__main__":
    sys.exit(main())
