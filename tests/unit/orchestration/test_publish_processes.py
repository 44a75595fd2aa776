"""Publishing beside other processes: readers in a loop, and kill -9 at any moment."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.ledger import Ledger
from orchestration.publish import versions
from tests.unit.orchestration.published_builds import Publisher, Value

ROOT = Path(__file__).parents[3]
READER = """
import select, sys
import duckdb
reads, seen = 0, set()
sys.stdout.write("reading\\n")
sys.stdout.flush()
while not select.select([sys.stdin], [], [], 0)[0]:
    with duckdb.connect(sys.argv[1], read_only=True) as con:
        for _ in range(3):
            [(version,)] = con.execute("select version from marts.publication").fetchall()
            [(value,)] = con.execute("select value from marts.fct_kpi_monthly").fetchall()
            [(newest,)] = con.execute("select max(version) from marts.fct_kpi_history").fetchall()
            assert value == newest == version, (version, value, newest)
            reads += 1
            seen.add(version)
sys.stdout.write(f"{reads} {len(seen)}\\n")
"""
PUBLISHER = """
import sys
from pathlib import Path
from orchestration.workspace import Workspace
from tests.unit.orchestration.published_builds import Publisher, Value
publisher = Publisher(Workspace(Path(sys.argv[1])), steps=int(sys.argv[2]))
while True:
    publisher.build([Value(value=float(publisher.steps))], inputs=f"slices {publisher.steps}")
    sys.stdout.write(f"{publisher.steps}\\n")
    sys.stdout.flush()
    publisher.publish()
"""


def test_reader_in_a_loop_sees_no_error_and_no_mixture(publisher: Publisher) -> None:
    publisher.build([Value(value=1.0)], inputs="slices 1")
    publisher.publish()
    command = [sys.executable, "-c", READER, str(publisher.workspace.published_file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "reading\n"
        for version in range(2, 9):
            publisher.build([Value(value=float(version))], inputs=f"slices {version}")
            publisher.publish()
        out, _ = reader.communicate("stop\n", timeout=60)
    assert reader.returncode == 0
    reads, seen = map(int, out.split())
    assert reads > seen > 1


@pytest.mark.parametrize("delay", [0.0, 0.03, 0.06, 0.09, 0.12, 0.16, 0.2])
def test_kill_around_the_swap_needs_no_repair_by_hand(publisher: Publisher, delay: float) -> None:
    """Whatever moment the publisher dies at, the next publication goes through and history has no gap."""
    publisher.build([Value(value=0.5)], inputs="slices 0")
    publisher.publish()
    command = [sys.executable, "-c", PUBLISHER, str(publisher.workspace.root), str(publisher.steps)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        steps = [int(process.stdout.readline()) for _ in range(2)]
        try:
            process.wait(timeout=delay)
        except subprocess.TimeoutExpired:
            process.kill()
    publisher.steps = steps[-1] + 10
    [(value, version)] = publisher.read("select value, version from marts.fct_kpi_monthly, marts.publication")
    publisher.build([Value(value=1000.0)], inputs="slices 1000")
    publisher.publish()
    history = publisher.history()
    assert history[-2] == (value, version, "restated", False)
    assert history[-1][:2] == (1000.0, version + 1)
    events = [event.version for event in Ledger(publisher.workspace).events()]
    assert events == list(range(1, version + 2))
    assert [row[1] for row in history] == events
    assert versions(publisher.workspace)[-1].is_current
    leftovers = {path.name for path in publisher.workspace.published.rglob("*") if path.name.startswith(".")}
    assert not any(name.endswith(".wal") for name in leftovers)
