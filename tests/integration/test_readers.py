"""Readers of the published file while runs go on, and two runs at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.warehouse import AS_OF, Workspace

pytestmark = pytest.mark.slow

READER = """
import sys, duckdb
from pathlib import Path
path, stop = Path(sys.argv[1]), Path(sys.argv[2])
net = "select sum(line_amount) from marts.fct_order_lines where brand_id = 'uk_gift_shop'"
revenue = "select sum(numerator) from marts.fct_kpi_daily where kpi_id = 'revenue' and segment_type = 'overall'"
version = "select version from marts.publication"
answers, reads = set(), 0
while not stop.exists():
    with duckdb.connect(str(path), read_only=True) as connection:
        answers.add(tuple(connection.execute(query).fetchone()[0] for query in (version, net, revenue, version)))
    reads += 1
for answer in sorted(answers):
    print(*answer)
print(reads, file=sys.stderr)
"""


def test_readers_meet_no_error_and_no_mixture_while_a_run_publishes(
    real_copy: Workspace, tmp_path: Path
) -> None:
    """A late order changes the totals, so that a mixture of two versions would show as a third pair.

    While that run holds the lock, a second one is refused and names the holder.
    """
    (real_copy.home / "exports" / "uk_gift_shop" / "late_orders.csv").write_text(
        "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
        "999999,22423,1,2011-12-09 15:00:00,100.00,17850,United Kingdom\n",
        encoding="utf-8",
    )
    stop = tmp_path / "stop"
    lock = real_copy.home / "warehouse" / ".lock"
    with (
        subprocess.Popen(
            [sys.executable, "-c", READER, str(real_copy.published), str(stop)],
            stdout=subprocess.PIPE,
            text=True,
        ) as reader,
        subprocess.Popen(
            real_copy.command("run", "--as-of", AS_OF),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as first,
    ):
        try:
            while str(first.pid) not in lock.read_text(encoding="utf-8"):
                assert first.poll() is None, first.communicate()
                os.sched_yield()
            second = real_copy.run(check=False)
            _, errors = first.communicate(timeout=600)
        finally:
            stop.touch()
            output, _ = reader.communicate(timeout=60)
    assert first.returncode == 0, errors
    assert second.returncode != 0
    assert str(first.pid) in second.stderr
    assert reader.returncode == 0
    assert output.splitlines() == [
        "1 9747747.934000 8911407.904000 1",
        "2 9747847.934000 8911507.904000 2",
    ]
