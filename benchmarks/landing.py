"""How landing an orders CSV compares with a plain COPY of it to Parquet: time and peak memory.

Usage: ``python -m benchmarks.landing``. The landing is the whole of it: header, types, time zone, rejects,
content hash, manifest, sync to disk. For memory the same lines are landed again as a file four times as long.
"""

from __future__ import annotations

import gzip
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from benchmarks.rows import Row
from benchmarks.sides import Prepared, compare, run_side
from connectors.core.raw_zone import RawZone
from connectors.core.sql import literal
from connectors.files.config import FileSourceConfig
from connectors.files.source import FileSource

EXPORT = Path(__file__).parents[1] / "examples/real/exports/uk_gift_shop/online_retail.csv.gz"
LINES = 541_909
_ROUNDS = 5
_LONGER = 4
_FLAT = 1.25
"""Memory that a file four times as long may take, by the file itself."""


def plain_copy(source: Path, folder: Path) -> Prepared:
    """The yardstick: read the CSV with detected types and write zstd Parquet."""
    target = folder / "plain.parquet"
    return lambda: duckdb.connect().execute(
        f"copy (select * from read_csv({literal(str(source))})) to {literal(str(target))} "
        "(format parquet, compression zstd)"
    )


def landing(source: Path, folder: Path) -> Prepared:
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
    return lambda: files.land(zone, load_id=1, loaded_at=datetime.now(UTC), window=None)


SIDES = {"copy": plain_copy, "landing": landing}


def lengthened(source: Path, target: Path, times: int) -> Path:
    """The lines of ``source`` so many times below one header, as gzip too."""
    with gzip.open(source, "rb") as whole, gzip.open(target, "wb", compresslevel=1) as out:
        header = whole.readline()
        body = whole.read()
        out.write(header)
        for _ in range(times):
            out.write(body)
    return target


def rows(folder: Path) -> Iterator[Row]:
    """Time beside a plain COPY, and memory beside a file a quarter as long."""
    with tempfile.TemporaryDirectory(dir=folder, prefix="landing-") as own:
        export = Path(shutil.copy2(EXPORT, own))
        once = compare(__spec__.name, list(SIDES), export, Path(own), rounds=_ROUNDS)
        yield Row(
            what=f"landing {LINES:,} order lines (CSV.gz)",
            beside="DuckDB COPY (SELECT * FROM read_csv) TO parquet",
            measured=once["landing"].seconds / once["copy"].seconds,
            target=1.5,
            details=f"landing {once['landing']}; COPY {once['copy']}",
        )
        longer = lengthened(export, Path(own) / "longer.csv.gz", _LONGER)
        long = compare(__spec__.name, list(SIDES), longer, Path(own), rounds=1)
        yield Row(
            what=f"memory of landing {LINES * _LONGER:,} order lines",
            beside=f"memory of landing {LINES:,}",
            measured=long["landing"].megabytes / once["landing"].megabytes,
            target=_FLAT,
            details=f"landing {long['landing']}; COPY {long['copy']}",
        )


def main(arguments: list[str]) -> None:
    """Run one side, or print the rows."""
    if arguments:
        run_side(SIDES, arguments)
        return
    with tempfile.TemporaryDirectory() as folder:
        for row in rows(Path(folder)):
            print(row)


if __name__ == "__main__":
    main(sys.argv[1:])
