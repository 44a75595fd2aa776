"""Rebuild the known company with the dbt project beside this package and compare: exit 1 where a cell differs."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

from tests.known_company import diagnosis
from tests.known_company.compare import differences
from tests.known_company.workspace import rebuild


def main(home: Path, expected: Path) -> int:
    """Compare the facts of the rebuilt workspace, and what explains their changes, with the pickled answers."""
    built = rebuild(home, Path(__file__).resolve().parents[2] / "dbt_project")
    answers = pickle.loads(expected.read_bytes())  # noqa: S301 - written by the runner
    outcomes = [differences(built, answers), diagnosis.differences(built, answers)]
    differing = sum(len(outcome.differing) for outcome in outcomes)
    print(f"{differing} of {sum(outcome.compared for outcome in outcomes)} cells differ")  # noqa: T201
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
