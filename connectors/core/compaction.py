"""Compaction: the small files of closed months and years become one file each, behind the manifest.

Daily landings leave a file per day and stream. Once a month is older than the days that are asked for again,
its files become one; once a year is, its months do. Slices keep content hash, load id and window, and rows
their every column, so nothing is rebuilt and no value changes: only in which file a slice lies does. As with
a landing, files are written aside and the renamed manifest makes them so; a death before leaves all as it
was, and what gave way is collected by ``RawZone.collect_garbage``.

A slice that is restated later leaves the compacted file as it leaves any other: the landing writes the rest
of it anew. What that costs is bounded, since files of :attr:`Sizes.small` and more are left alone and no file
is made larger than about :attr:`Sizes.target`. See docs/decisions/0018-compaction.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from connectors.core.errors import RawZoneError
from connectors.core.keeper import DiskKeeper, Keeper
from connectors.core.landing import listed_layout
from connectors.core.manifest import FILE_NAME, Manifest, SliceEntry
from connectors.core.parquet import ParquetWriter
from connectors.core.plan import NewFile
from connectors.core.sql import identifiers, literal
from connectors.core.storage import disk_errors, make_folder
from connectors.core.stream import Stream
from connectors.core.views import select_listed

_MEMORY_LIMIT = "1GB"
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """How much is put together, in stored bytes.

    Attributes:
        small: files below this are put together; others are large enough to be read well and too large to be
            copied.
        target: no file is meant to become larger, since a restated slice makes the rest of its file be
            written anew.
        work: that one call reads at most; the next one goes on.
    """

    small: float = 16_000_000
    target: float = 64_000_000
    work: float = 256_000_000


USUAL = Sizes()


@dataclass(frozen=True, kw_only=True)
class Rewrite:
    """Which files give way, and which slices each new file gets, in order."""

    obsolete: frozenset[str]
    groups: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Compacted:
    """What was done: so many files became so many, of so many bytes."""

    files_before: int
    files_after: int
    bytes: int


def period_of(entry: SliceEntry, horizon: date) -> str | None:
    """The closed year (``2025``), else month (``2026-03``), in which a slice begins; None while it is open.

    Args:
        entry: the slice; one without days counts on the day it landed.
        horizon: first day that may still be asked for again; what is closed ends before it.
    """
    start = entry.window_start or entry.loaded_at.date()
    if (entry.window_end or start + _DAY) > horizon:
        return None
    if date(start.year + 1, 1, 1) <= horizon:
        return f"{start:%Y}"
    next_month = (start.replace(day=1) + timedelta(days=31)).replace(day=1)
    return f"{start:%Y-%m}" if next_month <= horizon else None


def plan_rewrite(manifest: Manifest, horizon: date, *, sizes: Sizes = USUAL) -> Rewrite | None:
    """What to put together now; None when there is nothing.

    A file takes part if it is small and everything in it is closed. A period is due if several such files
    hold parts of it; what else those hold goes into files of its own periods.
    """
    periods: dict[str, frozenset[str]] = {}
    for name, file in manifest.files.items():
        held = {period_of(manifest.slices[key], horizon) for key in file.slices}
        if file.bytes < sizes.small and None not in held:
            periods[name] = frozenset(each for each in held if each)
    holders: dict[str, list[str]] = {}
    for name in sorted(
        periods, key=lambda name: (min(periods[name]), min(manifest.files[name].slices), name)
    ):
        for period in periods[name]:
            holders.setdefault(period, []).append(name)
    order = dict.fromkeys(
        name for period in sorted(holders) if len(holders[period]) > 1 for name in holders[period]
    )
    chosen: list[str] = []
    size = 0
    for name in order:
        # Two at least: the first ones share a period, so that every call gets on.
        if len(chosen) > 1 and size + manifest.files[name].bytes > sizes.work:
            break
        chosen.append(name)
        size += manifest.files[name].bytes
    together = Counter(period for name in chosen for period in periods[name])
    chosen = [name for name in chosen if any(together[period] > 1 for period in periods[name])]
    if not chosen:
        return None
    return Rewrite(obsolete=frozenset(chosen), groups=tuple(_groups(manifest, chosen, horizon, sizes.target)))


def _groups(
    manifest: Manifest, files: Iterable[str], horizon: date, target: float
) -> Iterator[tuple[str, ...]]:
    """Keys of each new file: those of one period in order, as many as make a file of the target's size."""
    stored = {
        key: file.bytes * manifest.slices[key].rows / max(file.rows, 1)
        for file in (manifest.files[name] for name in files)
        for key in file.slices
    }
    by_period: dict[str, list[str]] = {}
    for key in sorted(stored):
        by_period.setdefault(period_of(manifest.slices[key], horizon) or "", []).append(key)
    for _, keys in sorted(by_period.items()):
        group: list[str] = []
        for key in keys:
            if group and sum(stored[each] for each in group) + stored[key] > target:
                yield tuple(group)
                group = []
            group.append(key)
        yield tuple(group)


def compact(
    folder: Path,
    stream: Stream,
    *,
    today: date,
    temp: Path,
    keeper: Keeper | None = None,
    sizes: Sizes = USUAL,
) -> Compacted | None:
    """Put the small files of closed periods together; None when there was nothing to do.

    Nothing may land into ``folder`` meanwhile.

    Args:
        folder: of the stream and source.
        stream: declares the columns, and how many days are asked for again.
        today: the run's day.
        temp: folder for temporary data.
        keeper: of the zone (:attr:`RawZone.keeper`); None for one on disk.
        sizes: how much is put together.

    Raises:
        RawZoneError: the disk is full or closed, a file can't be read, or what was written isn't what was
            read; everything is as it was.
    """
    path = folder / FILE_NAME
    if not path.exists():
        return None
    manifest = Manifest.read(path)
    plan = plan_rewrite(manifest, today - timedelta(days=stream.reread_days), sizes=sizes)
    if plan is None:
        return None
    with disk_errors(folder), _connection(temp) as con:
        writer = ParquetWriter(con, folder, max(manifest.slices[key].load_id for key in _keys(plan)))
        try:
            layout = listed_layout(stream, manifest, only=plan.obsolete)
            new_files = _write(writer, folder, manifest, plan, layout)
            new = compacted_manifest(manifest, plan, new_files)
            _require_same(con, folder, manifest, new, layout)
            (keeper or DiskKeeper()).commit(folder, new, old=manifest)
        except BaseException:
            # Whatever it was, an interruption too: nothing lists the new files, and the old ones are whole.
            writer.discard()
            raise
    return Compacted(
        files_before=len(plan.obsolete),
        files_after=len(new_files),
        bytes=sum(each.entry.bytes for each in new_files),
    )


def compacted_manifest(manifest: Manifest, plan: Rewrite, new_files: Sequence[NewFile]) -> Manifest:
    """The manifest with ``new_files`` in place of what gives way; slices differ in their file only."""
    files = {name: entry for name, entry in manifest.files.items() if name not in plan.obsolete}
    files |= {each.name: each.entry for each in new_files}
    place = {key: each.name for each in new_files for key in each.entry.slices}
    layouts = manifest.layouts | {each.entry.schema_hash: dict(each.layout) for each in new_files}
    used = {entry.schema_hash for entry in files.values()}
    return replace(
        manifest,
        mirrored=None,
        files=files,
        slices={
            key: replace(entry, file=place[key]) if key in place else entry
            for key, entry in manifest.slices.items()
        },
        layouts={key: layout for key, layout in layouts.items() if key in used},
    )


def _keys(plan: Rewrite) -> list[str]:
    return [key for group in plan.groups for key in group]


def _write(
    writer: ParquetWriter, folder: Path, manifest: Manifest, plan: Rewrite, layout: Mapping[str, str]
) -> list[NewFile]:
    requests = sum(manifest.files[name].requests for name in plan.obsolete)
    written: list[NewFile] = []
    for group in plan.groups:
        holding = frozenset(name for key in group if (name := manifest.slices[key].file))
        listed = select_listed([(folder, manifest)], layout, only=holding)
        keys = ", ".join(literal(key) for key in group)
        written.append(
            writer.write(
                f"select * from ({listed}) where _slice in ({keys}) order by _slice, _line",
                layout=layout,
                rows={key: manifest.slices[key].rows for key in group},
                requests=0 if written else requests,
            )
        )
    return written


def _require_same(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    old: Manifest,
    new: Manifest,
    layout: Mapping[str, str],
) -> None:
    """See that each slice has the rows it had, to the last column."""
    moved = ((old, old.files.keys() - new.files.keys()), (new, new.files.keys() - old.files.keys()))
    before, after = (
        con.execute(
            f"select _slice, count(*), sum(cast(hash({identifiers(layout)}) as hugeint)) from "
            f"({select_listed([(folder, each)], layout, only=frozenset(names))}) group by _slice order by all"
        ).fetchall()
        for each, names in moved
    )
    if before != after:
        differing = sorted({row[0] for row in set(before) ^ set(after)})
        raise RawZoneError(
            f"Compacting {folder} was undone: slice {differing[0]} would not hold the rows that it holds "
            "now. What was stored is intact and is used as it is. Report it with this message."
        )


@contextmanager
def _connection(temp: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine that spills into ``temp``, under a name that ``collect_garbage`` knows."""
    make_folder(temp)
    with (
        TemporaryDirectory(dir=temp, prefix="landing-compaction-", ignore_cleanup_errors=True) as spill,
        duckdb.connect(":memory:", config={"memory_limit": _MEMORY_LIMIT, "temp_directory": spill}) as con,
    ):
        con.execute("set timezone = 'UTC'")
        yield con
