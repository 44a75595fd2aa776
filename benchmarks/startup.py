"""How long each process of Dagster's takes to load the definitions, beside importing Dagster alone.

``python -m benchmarks.startup`` prints the row. Each side is a process of its own, the sides alternate, and
the best of each counts. The clock is the processor time of the process from its first statement on: on a
machine with other work the wall time of either side tells about that work. The dbt project is parsed
before, as ``make setup`` does.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.rows import Row
from benchmarks.table import print_rows

BARE = "import dagster, dagster_dbt"
DEFINITIONS = "import orchestration.definitions"
ROUNDS = 7


def rows(folder: Path) -> Iterator[Row]:
    """The row of the definitions; works in ``folder``, which is no workspace."""
    seconds(DEFINITIONS, folder)  # parses the project where that is missing, and compiles modules
    bare, loaded = [], []
    for _ in range(ROUNDS):
        bare.append(seconds(BARE, folder))
        loaded.append(seconds(DEFINITIONS, folder))
    yield Row(
        what="`import` + definitions load (each Dagster process)",
        beside="bare `import dagster, dagster_dbt`",
        measured=min(loaded) / min(bare),
        target=1.2,
        details=f"{min(loaded):.2f} s and {min(bare):.2f} s of processor time, best of {ROUNDS}",
    )


def seconds(statement: str, folder: Path) -> float:
    """Processor seconds of a new process that runs ``statement`` in ``folder``."""
    code = f"import time\n{statement}\nprint(time.process_time())"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True
    )
    return float(done.stdout.split()[-1])


if __name__ == "__main__":
    print_rows(rows)
