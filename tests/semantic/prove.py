"""``make test-semantic``: MetricFlow computes the KPIs of published files, and they equal the KPI facts.

Usage: ``python -m tests.semantic.prove [WORKSPACE ...] [--company HOME] [--programs DIR]``. The known company is built
in a temporary folder unless ``--company`` names a workspace that holds it. Then eleven tables that the semantic
models read are spoiled in a copy, and each spoil must be seen. Exit 1 if a cell differs or a spoil is not seen.
"""

# ruff: noqa: T201 - this is a program that prints

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from orchestration.workspace import Workspace
from tests.known_company import workspace as known_company
from tests.semantic.compare import Outcome, compare, table
from tests.semantic.metricflow import MetricFlow, MetricFlowError
from tests.semantic.spoil import spoiled

BRANDS = ("nava", "orion")
"""Of the known company: files and APIs, Jalali and Gregorian; between them they feed nearly every metric."""
SPOILED_GRAIN = "month"


def main() -> int:
    """Print what was compared, what differs and one last line; the exit status says whether all is equal."""
    options = _options()
    started = time.monotonic()
    if not (options.programs / "mf").exists():
        print(
            f"There is no MetricFlow in {options.programs}: `make test-semantic` installs it.",
            file=sys.stderr,
        )
        return 2
    with tempfile.TemporaryDirectory(prefix="semantic-") as scratch:
        try:
            outcomes, unseen = _prove(options, Path(scratch))
        except MetricFlowError as error:
            print(error, file=sys.stderr)
            return 2
    compared = sum(outcome.compared for outcome in outcomes)
    differing = sum(outcome.differences for outcome in outcomes)
    rounded = sum(outcome.close.total() for outcome in outcomes)
    print(
        f"semantic: {compared:,} cells compared, {differing:,} differ, {rounded:,} within 1e-12; "
        f"spoiled tables {'all seen' if not unseen else 'NOT SEEN: ' + ', '.join(unseen)}; "
        f"{time.monotonic() - started:.0f} s"
    )
    return int(bool(differing or unseen or not compared))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.semantic.prove")
    parser.add_argument("workspaces", nargs="*", type=Path, help="workspaces with a published file")
    parser.add_argument("--company", type=Path, help="workspace that holds the known company already")
    parser.add_argument(
        "--programs", type=Path, default=Path(".venv-semantic/bin"), help="where dbt and mf are installed"
    )
    options = parser.parse_args()
    options.programs = options.programs.absolute()
    for workspace in (*options.workspaces, *([options.company] if options.company else [])):
        if not Workspace(workspace).published_file.is_file():
            parser.error(f"{workspace} has no published file: `sanjeh --workspace {workspace} run` makes it")
    return options


def _prove(options: argparse.Namespace, scratch: Path) -> tuple[list[Outcome], list[str]]:
    company = _company(options.company, scratch)
    outcomes = []
    for number, published in enumerate([*map(_published, options.workspaces), company]):
        flow = MetricFlow.over(published, programs=options.programs, home=scratch / str(number))
        if not number:
            flow.validate()
        outcomes.append(compare(flow))
        print(f"\n{published}")
        print("\n".join(table(outcomes[-1])), flush=True)
    copy = scratch / "spoiled.duckdb"
    spoils = spoiled(company, copy)
    flow = MetricFlow.over(copy, programs=options.programs, home=scratch / "spoiled")
    noticed = compare(flow, grains=[SPOILED_GRAIN])
    print("\nThe same with one row of each table spoiled, month by month:")
    print("\n".join(line for lines in noticed.differing.values() for line in lines))
    unseen = [spoil.table for spoil in spoils if (spoil.kpi, SPOILED_GRAIN) not in noticed.differing]
    return outcomes, unseen


def _company(home: Path | None, scratch: Path) -> Path:
    if home:
        return _published(home)
    print("building the known company ...", flush=True)
    return known_company.build(scratch / "company", brands=BRANDS)


def _published(home: Path) -> Path:
    return Workspace(home.absolute()).published_file


if __name__ == "__main__":
    sys.exit(main())
