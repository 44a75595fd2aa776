"""Sides of a comparison, each in a process of its own: seconds and peak memory, in turns, the best counts.

A module of benchmarks that compares names its sides in a dictionary and lets :func:`compare` run them: the
first call of a side tells what to time, so that preparing it and leaving it are free.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.machine import peak_mebibytes
from benchmarks.rows import Row
from benchmarks.table import print_rows

Prepared = Callable[[], object]
Side = Callable[[Path, Path], Prepared]
"""Prepares one side: what it works on, an empty folder of its own -> what is timed."""


@dataclass(frozen=True, order=True)
class Measured:
    """One side at its best: wall-clock and processor seconds, and peak resident megabytes of its process."""

    seconds: float
    processor_seconds: float
    megabytes: float

    def __str__(self) -> str:
        return (
            f"{self.seconds:.2f} s ({self.processor_seconds:.2f} s of processor), "
            f"peak {self.megabytes:,.0f} MB"
        )


def compare(
    module: str,
    sides: Sequence[str],
    subject: Path,
    folder: Path,
    *,
    rounds: int,
    elsewhere: Mapping[str, tuple[Path, str]] | None = None,
) -> dict[str, Measured]:
    """Measure each side ``rounds`` times, in turns, in processes ``python -m MODULE SIDE SUBJECT FOLDER``.

    Args:
        module: calls :func:`run_side` when it is started with three arguments.
        sides: names, in the order of a turn.
        subject: what they work on.
        folder: where each gets an empty folder, which goes away after it.
        rounds: how often; the fastest counts, with the memory of that time.
        elsewhere: interpreter and module of sides that live in an environment of their own.

    Raises:
        RuntimeError: a side failed; says what it printed last.
    """
    best: dict[str, Measured] = {}
    for side in [*sides] * rounds:
        with tempfile.TemporaryDirectory(dir=folder) as own:
            python, place = (elsewhere or {}).get(side, (sys.executable, module))
            command = [str(python), "-m", place, side, str(subject), own]
            # Without PYTHONPATH an environment of its own would not find this package.
            environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
            done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
            if done.returncode:
                last = "\n".join((done.stderr or done.stdout).strip().splitlines()[-5:])
                raise RuntimeError(f"{module}: side {side} failed: {last}")
            found = Measured(*map(float, done.stdout.split()[-3:]))
            best[side] = min(found, best.get(side, found))
    return best


def run_side(sides: Mapping[str, Side], arguments: Sequence[str]) -> None:
    """Run the side that ``arguments`` (side, subject, folder) name; prints what :class:`Measured` holds."""
    name, subject, folder = arguments
    timed = sides[name](Path(subject), Path(folder))
    started, busy = time.perf_counter(), time.process_time()
    timed()
    seconds, processor = time.perf_counter() - started, time.process_time() - busy
    print(seconds, processor, peak_mebibytes())


def run_module(rows: Callable[[Path], Iterable[Row]], sides: Mapping[str, Side]) -> None:
    """What a module that compares does when started: one side where arguments name it, else its rows."""
    if sys.argv[1:]:
        run_side(sides, sys.argv[1:])
    else:
        print_rows(rows)
