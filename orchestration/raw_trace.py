"""The raw rows behind a value: which slices are listed, in which Parquet files, from which files and records.

Comes in: sources and streams, and the days that matter. Goes out: one :class:`Trace` per slice and original
file. What a version was built from is what ``fct_source_changes`` lists; a slice that has landed again since
is marked, for its older rows are no longer in the raw zone. Nothing is changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from connectors.core.manifest import Manifest
from connectors.core.raw_zone import RawZone
from connectors.core.sql import identifier, literal, literals
from connectors.core.stream import Stream, Type
from connectors.registry import STREAMS
from orchestration.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Slice:
    """A slice behind the published version, as ``fct_source_changes`` has it."""

    source_id: str
    connector: str
    stream: str
    slice: str
    content_hash: str
    window_start: date | None
    window_end: date | None
    row_count: int
    load_id: int


@dataclass(frozen=True, kw_only=True)
class Trace:
    """Rows of one slice that come from one original file (or one answer of an API).

    Attributes:
        raw_file: Parquet file, relative to the workspace, or its URL on object storage; None for an empty
            slice.
        original: name of the dropped file; for an API the days or the batch it was asked for.
        rows: rows of that slice and file.
        rows_in_period: of them, dated within the days that matter; None where the stream has no date.
        first_record: place in the original file of the first row within, data rows counted from 1; None where
            there is none.
        loaded_at: UTC.
        is_current: False where the raw zone holds a newer landing of the slice than the version used.
    """

    source_id: str
    stream_id: str
    slice: str
    window_start: date | None
    window_end: date | None
    raw_file: str | None
    original: str | None
    rows: int
    rows_in_period: int | None
    first_record: int | None
    last_record: int | None
    loaded_at: datetime | None
    load_id: int
    is_current: bool


def trace(
    workspace: Workspace, slices: Sequence[Slice], *, first: date, end: date, timezone: str
) -> list[Trace]:
    """Where the rows of ``slices`` come from.

    Args:
        workspace: whose raw zone is read.
        slices: the slices behind a value.
        first: first day that matters, in the brand's zone.
        end: day after the last.
        timezone: IANA zone in which instants become days.

    Raises:
        RawZoneError: a manifest is damaged.
    """
    zone = RawZone(workspace.raw, temp=workspace.temp, pii=None)
    by_stream: dict[tuple[str, str, str], list[Slice]] = {}
    for each in slices:
        by_stream.setdefault((each.source_id, each.connector, each.stream), []).append(each)
    found: list[Trace] = []
    for (source_id, connector, name), wanted in sorted(by_stream.items()):
        stream = STREAMS.get(f"{connector}/{name}")
        if stream is None:
            continue
        folder, manifest = zone.folder(stream, source_id), zone.manifest(stream, source_id)
        days = _day_sql(stream, timezone)
        files = {e.file for s in wanted if (e := manifest.slices.get(s.slice)) is not None and e.file}
        rows = _rows(folder, sorted(files), [s.slice for s in wanted], days, first=first, end=end)
        place = folder.relative_to(workspace.root).as_posix()
        if manifest.mirrored is not None:
            place = f"{manifest.mirrored.zone}/{folder.relative_to(workspace.raw).as_posix()}"
        for each in wanted:
            found += _traces(place, manifest, stream, each, rows)
    return found


_Found = tuple[str | None, int, int | None, int | None, int | None]


def _rows(
    folder: Path, files: Sequence[str], slices: Sequence[str], day: str | None, *, first: date, end: date
) -> Mapping[str, list[_Found]]:
    """(original file, rows, rows within, first record, last record) by slice."""
    paths = [str(folder / name) for name in files if (folder / name).is_file()]
    if not paths:
        return {}
    within = f"{day} >= date {literal(first.isoformat())} and {day} < date {literal(end.isoformat())}"
    inside = "count(*)" if day is None else f"count(*) filter ({within})"
    lines = "_line" if day is None else f"case when {within} then _line end"
    with duckdb.connect(":memory:") as con:
        con.execute("set TimeZone = 'UTC'")
        found = con.execute(
            f"select _slice, _file, count(*), {inside}, min({lines}), max({lines}) "
            f"from read_parquet({literals(paths)}, union_by_name = true) "
            f"where _slice in ({', '.join(map(literal, slices))}) group by all order by all"
        ).fetchall()
    by_slice: dict[str, list[_Found]] = {}
    for key, file, rows, rows_within, first_record, last_record in found:
        said = rows_within if day is not None else None
        by_slice.setdefault(key, []).append((file, rows, said, first_record, last_record))
    return by_slice


def _traces(
    place: str,
    manifest: Manifest,
    stream: Stream,
    part: Slice,
    rows: Mapping[str, list[_Found]],
) -> list[Trace]:
    entry = manifest.slices.get(part.slice)
    is_current = entry is not None and entry.content_hash == part.content_hash
    file = entry.file if entry else None
    read = rows.get(part.slice, []) if is_current else []
    return [
        Trace(
            source_id=part.source_id,
            stream_id=stream.id,
            slice=part.slice,
            window_start=part.window_start,
            window_end=part.window_end,
            raw_file=f"{place}/{file}" if file and is_current else None,
            original=original,
            rows=count,
            rows_in_period=within,
            first_record=first_record,
            last_record=last_record,
            loaded_at=entry.loaded_at.replace(tzinfo=None) if entry and is_current else None,
            load_id=part.load_id,
            is_current=is_current,
        )
        for original, count, within, first_record, last_record in (
            read or [(None, part.row_count, None, None, None)]
        )
    ]


def _day_sql(stream: Stream, timezone: str) -> str | None:
    """SQL of the day that a row of ``stream`` counts on; None where it has no clock."""
    column = next((c for c in stream.columns if c.name == stream.cursor), None)
    if column is None:
        return None
    name = identifier(column.name)
    if column.type is Type.INSTANT:
        return f"cast(({name} at time zone 'UTC') at time zone {literal(timezone)} as date)"
    return f"cast({name} as date)" if column.type is Type.DATE else None
