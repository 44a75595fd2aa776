"""Prove the KPI facts: land, build and publish the known company, and compare every cell with the oracle.

Usage: ``python -m tests.known_company.prove [--home DIR] [--brand NAME] [--compare-only] [--every-run]``. Differences stand above the
last line, which says how many cells were compared and how many differ; exit 1 if any does.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.integration.marts_only import leaks_of
from tests.known_company import answers, diagnosis, proposals, scorecards, tables, workspace
from tests.known_company.brands import NAMES
from tests.known_company.compare import Outcome, differences, lines
from tests.known_company.coverage import strangers, untold
from tests.known_company.nava_apis import twins


def prove(
    home: Path, brands: tuple[str, ...] = NAMES, *, compare_only: bool = False, every_run: bool = False
) -> Outcome:
    """The whole way, or its last step on what is published in ``home`` already."""
    expected = answers.expected(brands)
    published = home / "warehouse" / "published" / "kpi.duckdb"
    if not compare_only:
        published = workspace.build(home, brands=brands, every_run=every_run)
    outcomes = [
        differences(published, expected),
        tables.differences(published, brands),
        diagnosis.differences(published, expected),
    ]
    if {twins.TWIN, twins.OURS} <= set(brands):
        outcomes.append(twins.differences(published))
    differing = [each for outcome in outcomes for each in outcome.differing]
    if "orion" in brands:
        differing += scorecards.unplanted(expected)
    if brands == NAMES:
        differing += [*untold(expected), *strangers(published), *proposals.unclean(home)]
    differing += [f"company published {told}" for told in leaks_of(home)]
    return Outcome(
        sum(outcome.compared for outcome in outcomes),
        differing,
        [each for outcome in outcomes for each in outcome.notes],
    )


def main() -> int:
    """Print what differs and the one line; the exit status says whether anything does."""
    parser = argparse.ArgumentParser(prog="python -m tests.known_company.prove")
    parser.add_argument("--home", type=Path, help="workspace to make and keep; default a temporary one")
    parser.add_argument("--brand", action="append", choices=NAMES, help="only this brand")
    parser.add_argument("--compare-only", action="store_true", help="compare what --home has published")
    parser.add_argument(
        "--every-run", action="store_true", help="build in each of the three runs, not only the last"
    )
    options = parser.parse_args()
    brands = tuple(options.brand or NAMES)
    with tempfile.TemporaryDirectory(prefix="known-company-") as scratch:
        outcome = prove(
            options.home or Path(scratch),
            brands,
            compare_only=options.compare_only,
            every_run=options.every_run,
        )
    for line in (*lines(outcome.differing), *outcome.notes):
        print(line)  # noqa: T201 - this is the program's output
    print(f"known company: {outcome.compared:,} cells compared, {len(outcome.differing):,} differ")  # noqa: T201
    return 1 if outcome.differing else 0


if __name__ == "__main__":
    sys.exit(main())
