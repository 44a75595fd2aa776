"""``make prove``: the known company, the property tests at length, and the mutation check, in one line at the end.

Usage: ``python -m tests.prove [--jobs N]``. What differs, fails or survives stands above the last line; exit 1 if
anything does. A property that fails without a mutation would count as a catch, so that the mutations come last and
only where the rest is right.
"""

# ruff: noqa: T201 - this is a program that prints

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.known_company.compare import lines
from tests.known_company.prove import prove
from tests.mutations.listed import MUTATIONS
from tests.mutations.run import check

EXAMPLES = 200
"""Examples of each property."""
SLOWEST = "test_through_dbt"
"""The property of whole pipeline runs; begun last, it would be waited for alone."""


def _properties_hold(jobs: int) -> bool:
    files = sorted(
        Path(__file__).with_name("properties").glob("test_*.py"), key=lambda f: (f.stem != SLOWEST, f)
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--numprocesses", str(jobs), *map(str, files)],
        env={**os.environ, "SANJEH_PROVE": str(EXAMPLES)},
        check=False,
    )
    return done.returncode == 0


def main() -> int:
    """Run all three and print the line."""
    parser = argparse.ArgumentParser(prog="python -m tests.prove")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes side by side")
    jobs = parser.parse_args().jobs
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="prove-") as scratch:
        home = Path(scratch) / "company"
        outcome = prove(home)
        for line in (*lines(outcome.differing), *outcome.notes):
            print(line)
        print(f"known company: {outcome.compared:,} cells, {time.monotonic() - started:.0f} s", flush=True)
        hold = _properties_hold(jobs)
        print(f"properties: {time.monotonic() - started:.0f} s", flush=True)
        is_right = hold and not outcome.differing
        caught = check(MUTATIONS, jobs=jobs, home=home) if is_right else 0
    print(
        f"prove: {outcome.compared:,} cells compared, {len(outcome.differing):,} differ; properties at {EXAMPLES} "
        f"examples {'hold' if hold else 'FAIL'}; mutations caught {caught} of {len(MUTATIONS)} tried"
        f"{'' if is_right else ' (not tried: the rest must be right first)'}; "
        f"{(time.monotonic() - started) / 60:.0f} minutes"
    )
    return int(not is_right or caught < len(MUTATIONS))


if __name__ == "__main__":
    sys.exit(main())
