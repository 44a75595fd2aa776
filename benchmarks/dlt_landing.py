"""How landing compares with dlt on the same file: the same columns and types, Parquet in a folder.

Usage: ``python -m benchmarks.dlt_landing``. dlt lives in an environment of its own, which ``make bench``
makes from ``dlt_environment/requirements.txt``; its sides are in ``dlt_sides.py``.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.landing import EXPORT, LINES, SIDES
from benchmarks.rows import Row
from benchmarks.sides import compare, run_module

PYTHON = Path(".workspace/bench/dlt/bin/python")
_DLT = {side: (PYTHON.absolute(), "benchmarks.dlt_sides") for side in ("row_dictionaries", "arrow_tables")}
_ROUNDS = 3
_CLAIMS = (("row_dictionaries", "row dictionaries", 50.0, 1), ("arrow_tables", "Arrow", 5.0, _ROUNDS))


def rows(folder: Path) -> Iterator[Row]:
    """Both ways of dlt, each beside a landing of the same turn.

    Raises:
        RuntimeError: dlt's environment is not there.
    """
    if not PYTHON.exists():
        raise RuntimeError(f"{PYTHON} is missing: `make bench` installs dlt's environment.")
    with tempfile.TemporaryDirectory(dir=folder, prefix="dlt-") as own:
        export = Path(shutil.copy2(EXPORT, own))
        for side, words, target, rounds in _CLAIMS:
            found = compare(
                "benchmarks.dlt_landing", ["landing", side], export, Path(own), rounds=rounds, elsewhere=_DLT
            )
            yield Row(
                what=f"{LINES:,} order lines through dlt 1.31 ({words})",
                beside="our landing",
                measured=found[side].seconds / found["landing"].seconds,
                target=target,
                at_least=True,
                details=f"dlt {found[side]}; landing {found['landing']}",
            )


if __name__ == "__main__":
    run_module(rows, SIDES)
