"""All claims as one table: ``python -m benchmarks`` (``make bench``), ``--large`` (``make bench-large``).

Runs the modules in order, in one folder that goes away at the end; a row is printed as soon as it is known.
A module that breaks off counts as failed, the others still run. Ends with 1 when a row misses its target or
a module failed, else with 0.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from importlib import import_module
from pathlib import Path

from benchmarks import growth, machine, table
from benchmarks.rows import Row

BENCH = ("startup", "refresh", "landing", "dlt_landing", "publishing", "kpi_query")
"""Modules of ``make bench``, ten minutes in all; each has ``rows(folder)``."""
LARGE = ("events", "growth", "restating", "kpi_query")
"""Modules of ``make bench-large``, 45 minutes in all. The KPI query comes last: it takes the largest
published file that the others leave in the folder."""
RESULTS = Path(".workspace/benchmarks")


def measure(modules: list[str], folder: Path) -> tuple[list[Row], list[str]]:
    """Rows of ``modules``, and a line for each that failed."""
    found: list[Row] = []
    failed: list[str] = []
    for name in modules:
        started = time.perf_counter()
        print(f"-- {name}", flush=True)
        try:
            for row in import_module(f"benchmarks.{name}").rows(folder):
                found.append(row)
                print(table.line(row), flush=True)
        except Exception as error:  # noqa: BLE001 - whatever stops one module, the others still count
            traceback.print_exc()
            failed.append(f"benchmarks.{name} broke off: {error}")
        print(f"-- {name}: {time.perf_counter() - started:.0f} s", flush=True)
    return found, failed


def main(arguments: list[str]) -> int:
    """Measure what was asked for; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--large", action="store_true", help="the modules of make bench-large")
    parser.add_argument("--only", nargs="+", metavar="MODULE", help="these modules alone")
    parser.add_argument(
        "--folder", type=Path, help="work below this folder (default: where temporary files go)"
    )
    parser.add_argument("--results", type=Path, default=RESULTS, help="where table and JSON are written")
    parser.add_argument(
        "--document",
        type=Path,
        help="put the tables, and the chart, between their marks in this Markdown file",
    )
    asked = parser.parse_args(arguments)
    name = "bench-large" if asked.large else "bench"
    with tempfile.TemporaryDirectory(dir=asked.folder, prefix="sanjeh-bench-") as folder:
        facts = machine.describe(Path(folder))
        started = time.perf_counter()
        modules = asked.only or list(LARGE if asked.large else BENCH)
        found, failed = measure(modules, Path(folder))
        facts["took"] = f"{(time.perf_counter() - started) / 60:.1f} minutes"
        if asked.document and "growth" in modules:
            growth.write_document(asked.document, growth.measured(Path(folder)))
    text, _ = table.write(found, facts, folder=asked.results, name=name)
    print(f"\n{table.markdown(found, facts)}")
    if asked.document:
        table.replace_between(asked.document, name, table.markdown(found, facts))
    for each in failed:
        print(each, file=sys.stderr)
    missed = sum(not row.is_met for row in found)
    print(f"{len(found) - missed} of {len(found)} targets met; {text}")
    return 1 if missed or failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
