"""What it costs to restate three old days, and to read a raw zone of daily files before and after compaction.

    python -m benchmarks.restating [FOLDER]

*Restating.* Two workspaces of all families of KPIs, of 3 and of 36 months (``generators/history.py``), are
built; then three days of seven weeks ago are corrected in every daily source and ``sanjeh run`` is run on
each in turn, some rounds. The best round of each counts. Published sums must be those that the generator
wrote. Wall time depends on what else the machine does, so the processor time of the run stands beside it.

*Reading.* Three years of 40 sources with a file a day are read as the build reads them, as they landed and
compacted.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb

from benchmarks.generators import history
from benchmarks.rows import Row
from benchmarks.table import print_rows
from connectors.core.compaction import compact
from connectors.core.manifest import FILE_NAME, FileEntry, Manifest, SliceEntry
from connectors.core.parquet import layout_hash
from connectors.core.raw_zone import RawZone
from connectors.core.sql import identifier, literal
from connectors.core.stream import Stream
from connectors.registry import STREAMS

SHORT, LONG = 3, 36
"""Months of history."""
ROUNDS = 2
SOURCES = 40
FIRST, DAYS = date(2023, 10, 1), 1096
"""Three years that are over at the clock of the benchmark, but for their last month."""


@dataclass(frozen=True, kw_only=True)
class Refresh:
    """One run: wall and processor seconds, and its phases as it printed them."""

    wall: float
    processor: float
    phases: str


def rows(folder: Path) -> Iterator[Row]:
    """Both claims; ``folder`` gets a folder of its own, which is deleted."""
    place = folder / "restating"
    place.mkdir(parents=True, exist_ok=True)
    try:
        yield reading(place / "zone")
        yield restating(place)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def restating(place: Path) -> Row:
    """Three old days on a long history beside the same on a short one."""
    sides = {SHORT: place / "short", LONG: place / "long"}
    for months, home in sides.items():
        _refresh(home, history.write(home, months=months))
    best: dict[int, Refresh] = {}
    for version in range(1, ROUNDS + 1):
        for months, home in sides.items():
            done = _refresh(home, history.restate(home, months=months, version=version))
            if months not in best or done.wall < best[months].wall:
                best[months] = done
    short, long = best[SHORT], best[LONG]
    return Row(
        what=f"restating 3 old days on {LONG} months of history (all families)",
        beside=f"the same on {SHORT} months",
        measured=long.wall / short.wall,
        target=1.2,
        details=(
            f"{long.wall:.1f} s ({long.processor:.1f} s of processor; {long.phases}) beside "
            f"{short.wall:.1f} s ({short.processor:.1f} s; {short.phases})"
        ),
    )


def _refresh(home: Path, sums: history.Sums) -> Refresh:
    """Run the workspace and see that it published ``sums``.

    Raises:
        RuntimeError: the run failed, or published something else.
    """
    before, started = _children_seconds(), time.perf_counter()
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("sanjeh")),
            *("--workspace", str(home), "run", "--as-of", history.END.isoformat()),
        ],
        check=False,
        capture_output=True,
        text=True,
        env={key: value for key, value in os.environ.items() if not key.startswith(("DAGSTER", "SANJEH"))},
    )
    wall, processor = time.perf_counter() - started, _children_seconds() - before
    if done.returncode:
        raise RuntimeError(f"sanjeh run in {home} exited {done.returncode}: {done.stdout}{done.stderr}")
    with duckdb.connect(str(home / "warehouse" / "published" / "kpi.duckdb"), read_only=True) as con:
        found = con.execute(
            "select (select sum(order_value) from marts.fct_orders where source_id = 'shop_orders'), "
            "(select sum(cost) from marts.fct_ad_performance_daily where source_id = 'shop_google'), "
            "(select sum(sessions) from marts.fct_web_traffic_daily where segment_type = 'overall')"
        ).fetchone()
    if found != (sums.goods, sums.google_cost, sums.sessions):
        raise RuntimeError(f"{home} published {found}, but {sums} was generated")
    said = re.search(r"time: (.*?) \| log", done.stdout + done.stderr)
    return Refresh(wall=wall, processor=processor, phases=said.group(1) if said else "")


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def reading(place: Path) -> Row:
    """Daily files of three years and many sources, read as they landed and compacted."""
    stream = STREAMS["google_ads/campaign_performance"]
    zone = RawZone(place / "raw", temp=place / "temp", pii=None)
    for number in range(SOURCES):
        _land_days(zone, stream, f"source_{number:02}")
    before, daily = _read(zone, stream)
    started = time.perf_counter()
    for number in range(SOURCES):
        while compact(zone.folder(stream, f"source_{number:02}"), stream, today=history.END, temp=zone.temp):
            pass
    compacting = time.perf_counter() - started
    zone.collect_garbage()
    after, packed = _read(zone, stream)
    if before[1] != after[1]:
        raise RuntimeError(f"compaction changed what is read: {before[1]} became {after[1]}")
    return Row(
        what=f"reading 3 years of {SOURCES} sources with a file a day, as they landed",
        beside="the same compacted",
        measured=before[0] / after[0],
        target=5,
        at_least=True,
        details=(
            f"{daily:,} files {before[0]:.2f} s, {packed:,} files {after[0]:.2f} s; "
            f"compacting all at once took {compacting:.1f} s"
        ),
    )


def _land_days(zone: RawZone, stream: Stream, source: str) -> None:
    """A stored stream with a file a day, as daily landings would have left it, written at once."""
    folder = zone.folder(stream, source)
    layout = dict(stream.landed_columns)
    values = dict.fromkeys(layout, "null") | {
        "date": f"date '{FIRST}' + cast(i // 20 as int)",
        "campaign_id": "cast(i % 20 as varchar)",
        "campaign_name": "'campaign ' || (i % 20)",
        "impressions": "hash(i) % 9000",
        "clicks": "hash(i + 1) % 300",
        "cost": "(hash(i + 2) % 100000) / 100",
        "_source": literal(source),
        "_brand": "'shop'",
        "_slice": f"cast(date '{FIRST}' + cast(i // 20 as int) as varchar)",
        "_is_deleted": "false",
        "_loaded_at": f"timestamp '{history.END} 00:00:00'",
        "_load_id": "1",
    }
    select = ", ".join(
        f"cast({values[name]} as {type_}) as {identifier(name)}" for name, type_ in layout.items()
    )
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory(dir=zone.root) as parts:
        duckdb.execute(
            f"copy (select *, _slice as part from (select {select} from range({DAYS * 20}) t(i))) to "
            f"{literal(parts)} (format parquet, compression zstd, partition_by (part), overwrite_or_ignore)"
        )
        for part in Path(parts).glob("part=*/*.parquet"):
            part.rename(folder / f"000001-{part.parent.name.removeprefix('part=')}.parquet")
    manifest = Manifest(connector=stream.connector, stream=stream.name, source=source, brand="shop")
    manifest.layouts[layout_hash(layout)] = layout
    for offset in range(DAYS):
        day = FIRST + timedelta(days=offset)
        path = folder / f"000001-{day}.parquet"
        manifest.files[path.name] = FileEntry(
            rows=20, bytes=path.stat().st_size, slices=(str(day),), schema_hash=layout_hash(layout)
        )
        manifest.slices[str(day)] = SliceEntry(
            file=path.name,
            rows=20,
            content_hash="as it was",
            load_id=1,
            loaded_at=datetime.combine(history.END, datetime.min.time(), UTC),
            window_start=day,
            window_end=day + timedelta(days=1),
        )
    manifest.write(folder / FILE_NAME)


def _read(zone: RawZone, stream: Stream) -> tuple[tuple[float, tuple[int, Decimal]], int]:
    """Seconds to make the view and sum it, of the best of some rounds; the sums; how many files that took."""
    seconds: list[float] = []
    for _ in range(3):
        with duckdb.connect() as con:
            started = time.perf_counter()
            zone.create_views(con, [stream])
            ((count, cost),) = con.execute(f"select count(*), sum(cost) from raw.{stream.view}").fetchall()
            seconds.append(time.perf_counter() - started)
    return (min(seconds), (count, cost)), sum(len(manifest.files) for _, manifest in zone.manifests())


if __name__ == "__main__":
    print_rows(rows)
