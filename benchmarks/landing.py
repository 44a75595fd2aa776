"""How landing an orders CSV compares with a plain COPY of it to Parquet: time and peak memory.

Usage: ``python -m benchmarks.landing``. The landing is the whole of it: header, types, time zone, rejects,
content hash, manifest, sync to disk. For memory the same lines are landed again as files four and twelve
times as long: the shortest file is smaller than the buffers that the parser may fill, so it says nothing of
growth.
"""

from __future__ import annotations

import gzip
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from benchmarks.rows import Row
from benchmarks.sides import Prepared, compare, run_module
from connectors.core.raw_zone import RawZone
from connectors.core.sql import literal
from connectors.files.config import FileSourceConfig
from connectors.files.source import FileSource

EXPORT = Path(__file__).parents[1] / "examples/real/exports/uk_gift_shop/online_retail.csv.gz"
LINES = 541_909
_NAME = "benchmarks.landing"
_ROUNDS = 5
_LONGER, _LONGEST = 4, 12
_FLAT = 1.25
"""Memory that a file three times as long may take, by the file itself."""


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
    """The lines of ``source`` so many times below one header, as gzip members one after the other."""
    _, body = gzip.decompress(source.read_bytes()).split(b"\n", 1)
    target.write_bytes(source.read_bytes() + gzip.compress(body, compresslevel=1) * (times - 1))
    return target


def rows(folder: Path) -> Iterator[Row]:
    """Time beside a plain COPY, and memory beside a file a third as long."""
    with tempfile.TemporaryDirectory(dir=folder, prefix="landing-") as own:
        export = Path(shutil.copy2(EXPORT, own))
        once = compare(_NAME, list(SIDES), export, Path(own), rounds=_ROUNDS)
        yield Row(
            what=f"landing {LINES:,} order lines (CSV.gz)",
            beside="DuckDB COPY (SELECT * FROM read_csv) TO parquet",
            measured=once["landing"].seconds / once["copy"].seconds,
            target=1.5,
            details=f"landing {once['landing']}; COPY {once['copy']}",
        )
        peaks = [once["landing"].megabytes]
        for times in (_LONGER, _LONGEST):
            longer = lengthened(export, Path(own) / f"{times}.csv.gz", times)
            found = compare(_NAME, ["landing"], longer, Path(own), rounds=1)["landing"]
            peaks.append(found.megabytes)
        _, long, longest = peaks
        yield Row(
            what=f"memory of landing {LINES * _LONGEST:,} order lines",
            beside=f"memory of landing {LINES * _LONGER:,}",
            measured=longest / long,
            target=_FLAT,
            details=f"peaks of 1, {_LONGER} and {_LONGEST} times {LINES:,} lines: "
            f"{', '.join(f'{peak:,.0f}' for peak in peaks)} MB",
        )


if __name__ == "__main__":
    run_module(rows, SIDES)
