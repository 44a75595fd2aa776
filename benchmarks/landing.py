"""How landing an orders CSV compares with a plain COPY of it to Parquet: time ratio and peak memory.

Usage: ``python benchmarks/landing.py ORDERS.csv[.gz]`` with the columns of the UCI online-retail export. The
landing is the whole of it: header, types, time zone, rejects, content hash, manifest, sync to disk. Each side
runs in a process of its own, in turns; the best of each counts.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from connectors.core.raw_zone import RawZone
from connectors.core.sql import literal
from connectors.files.config import FileSourceConfig
from connectors.files.source import FileSource

_ROUNDS = 5


def plain_copy(source: Path, folder: Path) -> None:
    """The yardstick: read the CSV with detected types and write zstd Parquet."""
    target = folder / "plain.parquet"
    duckdb.connect().execute(
        f"copy (select * from read_csv({literal(str(source))})) to {literal(str(target))} "
        "(format parquet, compression zstd)"
    )


def landing(source: Path, folder: Path) -> None:
    """The same file as a source of a workspace: ``order_lines_file``, local times of London."""
    config = FileSourceConfig(
        connector="order_lines_file",
        brand="shop",
        path=source.name,
        currency="GBP",
        timezone="Europe/London",
    )
    files = FileSource(
        "shop", config, workspace=source.parent, default_timezone="UTC", default_currency="GBP"
    )
    zone = RawZone(folder / "raw", temp=folder / "temp", pii=None)
    files.land(zone, load_id=1, loaded_at=datetime.now(UTC), window=None, progress=lambda _: None)


def measure(name: str, source: Path) -> None:
    """Run one side in this process; prints seconds and peak resident megabytes."""
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(shutil.copy2(source, folder))
        started = time.perf_counter()
        {"copy": plain_copy, "landing": landing}[name](copied, Path(folder))
        seconds = time.perf_counter() - started
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main(arguments: list[str]) -> None:
    """Compare both sides on the file named in the arguments."""
    if len(arguments) == 2:
        measure(arguments[0], Path(arguments[1]))
        return
    best: dict[str, tuple[float, float]] = {}
    for name in ("copy", "landing") * _ROUNDS:
        command = [sys.executable, __file__, name, arguments[0]]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        found = (float(output[0]), float(output[1]))
        best[name] = min(found, best.get(name, found))
    for name, (seconds, megabytes) in best.items():
        print(f"{name:8} {seconds:6.2f} s  peak {megabytes:5.0f} MB")
    print(f"ratio    {best['landing'][0] / best['copy'][0]:6.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
