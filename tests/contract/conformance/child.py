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
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.core.clock import Clock
from connectors.core.manifest import FILE_NAME
from tests.contract.conformance.opening import SOURCE, open_source, open_zone

if TYPE_CHECKING:
    from tests.contract.conformance.bench import Bench

ROOT = Path(__file__).parents[3]


def start(bench: Bench, *, dies_before: int) -> subprocess.Popen[str]:
    """Start the next landing of ``bench`` in a child, which ends before its commit number ``dies_before``."""
    bench.load_id += 1
    order = {
        "connector": bench.case.connector,
        "only": bench.case.only(bench.breadth),
        "keys": bench.keys(**bench.case.serial_keys()),
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
    folder = Path(order["folder"])
    source = open_source(
        order["connector"], SOURCE, order["keys"], workspace=folder, clock=Clock(), only=order["only"]
    )
    _die_before(order["dies_before"])
    source.land(open_zone(folder), load_id=order["load_id"], loaded_at=datetime.fromisoformat(order["at"]))


if __name__ == "__main__":
    main()
