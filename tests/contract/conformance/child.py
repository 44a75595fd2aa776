"""A landing in a process of its own that dies by SIGKILL just before one of its commits.

``python -m tests.contract.conformance.child`` reads from standard input what to land. Nothing of the process is
told of its end: no handler, no finally, no flush.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from connectors.core.clock import Clock
from connectors.core.manifest import FILE_NAME
from connectors.core.raw_zone import RawZone
from tests.contract.conformance.bench import Bench, pseudonymiser
from tests.contract.conformance.case import SOURCE, Breadth, Case

ROOT = Path(__file__).parents[3]


def start(bench: Bench, *, dies_before: int) -> subprocess.Popen[str]:
    """Start the next landing of ``bench`` in a child, which ends before its commit number ``dies_before``."""
    bench.load_id += 1
    order = {
        "case": [type(bench.case).__module__, type(bench.case).__name__],
        "breadth": bench.breadth,
        "keys": bench.keys(parallel=1),
        "folder": str(bench.case.folder),
        "load_id": bench.load_id,
        "at": bench.case.time.isoformat(),
        "dies_before": dies_before,
    }
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.contract.conformance.child"],
        cwd=ROOT,
        env={**os.environ, **bench.case.environment()},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert child.stdin
    child.stdin.write(json.dumps(order))
    child.stdin.close()
    return child


def killed(child: subprocess.Popen[str]) -> bool:
    """Wait for the child's end; whether it was SIGKILL."""
    with child:
        assert child.stdout
        said = child.stdout.read()
        child.wait()
    assert child.returncode in {0, -signal.SIGKILL}, said
    return child.returncode != 0


def _die_before(number: int) -> None:
    """Have this process kill itself just before a manifest is renamed into its place for the ``number`` th time."""
    left = number

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal left
        if event == "os.rename" and str(arguments[1]).endswith(FILE_NAME):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


def main() -> None:
    """Entry point."""
    order = json.load(sys.stdin)
    module, name = order["case"]
    case_type: type[Case] = getattr(import_module(module), name)
    folder = Path(order["folder"])
    zone = RawZone(folder / "raw", temp=folder / "temp", pii=pseudonymiser())
    source = case_type.source(
        SOURCE, order["keys"], workspace=folder, clock=Clock(), breadth=Breadth(order["breadth"])
    )
    _die_before(order["dies_before"])
    source.land(zone, load_id=order["load_id"], loaded_at=datetime.fromisoformat(order["at"]))


if __name__ == "__main__":
    main()
