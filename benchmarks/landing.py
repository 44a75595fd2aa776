"""How landing an orders CSV compares with a plain COPY of it to Parquet: time ratio and peak memory.

Usage: ``python -m benchmarks.landing ORDERS.csv[.gz]`` with the columns of the UCI online-retail export. Each
    side runs
in a process of its own, the best of three counts.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from connectors.core.raw_zone import RawZone, Replaces
from connectors.core.sql import literal
from connectors.registry import STREAMS

_ROUNDS = 3


def plain_copy(source: Path, folder: Path) -> None:
    """The yardstick: read the CSV with detected types and write zstd Parquet."""
    target = folder / "plain.parquet"
    duckdb.connect().execute(
        f"copy (select * from read_csv({literal(str(source))})) to {literal(str(target))} "
        "(format parquet, compression zstd)"
    )


def landing(source: Path, folder: Path) -> None:
    """The same file through the raw zone: typed, hashed, listed and synced."""
    zone = RawZone(folder / "raw", temp=folder / "temp", pii=None)
    stream = STREAMS["orders/order_lines"]
    with zone.landing(
        stream, source="shop", brand="shop", load_id=1, loaded_at=datetime.now(UTC)
    ) as open_landing:
        open_landing.stage(
            f"""
            select
                InvoiceNo as order_id, StockCode as sku, cast(Quantity as decimal(18, 6)) as quantity,
                cast(UnitPrice as decimal(18, 6)) as unit_price, cast(InvoiceDate as timestamp) as ordered_at,
                CustomerID as customer_id, Country as country,
                'orders.csv' as _slice, 'orders.csv' as _file, row_number() over () as _line
            from read_csv({literal(str(source))}, all_varchar = true)
            """
        )
        open_landing.commit(replaces=Replaces.nothing(), window=None)


def measure(name: str, source: Path) -> None:
    """Run one side in this process; prints seconds and peak resident megabytes."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        {"copy": plain_copy, "landing": landing}[name](source, Path(folder))
        seconds = time.perf_counter() - started
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main(arguments: list[str]) -> None:
    """Compare both sides on the file named in the arguments."""
    if len(arguments) == 2:
        measure(arguments[0], Path(arguments[1]))
        return
    best: dict[str, tuple[float, float]] = {}
    for name in ("copy", "landing") * _ROUNDS:
        command = [sys.executable, "-m", "benchmarks.landing", name, arguments[0]]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        found = (float(output[0]), float(output[1]))
        best[name] = min(found, best.get(name, found))
    for name, (seconds, megabytes) in best.items():
        print(f"{name:8} {seconds:6.2f} s  peak {megabytes:5.0f} MB")
    print(f"ratio    {best['landing'][0] / best['copy'][0]:6.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
