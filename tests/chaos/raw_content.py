"""What raw zones hold of a source, in units that a landing replaces whole; and what is wrong with one after a run.

Reports and snapshots are compared by slice, records by their key. Two zones are read by no way of ours (``Stored`` of the
conformance suite reads the Parquet files that the manifests list).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors.core.stream import SYSTEM_COLUMNS, Kind, Stream
from tests.contract.conformance.stored import Stored

Units = Mapping[object, Counter[str]]
"""Rows as texts by slice or key."""
_SYSTEM = frozenset(name for name, _ in SYSTEM_COLUMNS)
_OF_DAYS = {"quality/report_days": ("date", "report", "landed_rows")}
"""Columns that are compared, where not all are: a sample is of a whole answer, and another window is another answer."""
_SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class StreamContent:
    """One stream of one source.

    Attributes:
        stream: which.
        units: what is stored.
        twice: unit and key of several rows.
    """

    stream: Stream
    units: Units
    twice: Sequence[object]


Content = Mapping[str, StreamContent]
"""Of one source, by stream id."""


def content_of(root: Path, source_id: str, streams: Collection[Stream]) -> Content:
    """Everything that the zone at ``root`` holds of a source."""
    stored = Stored(root, source_id)
    return {stream.id: _read(stored, stream) for stream in streams}


def _read(stored: Stored, stream: Stream) -> StreamContent:
    rows = stored.rows(stream)
    units: dict[object, Counter[str]] = {}
    if stream.kind is not Kind.ENTITY:
        # A day on which nothing happened is a slice too.
        listed = stored.manifests().get(stream.id, {}).get("slices", {})
        units = {key: Counter() for key in listed}
    for row in rows:
        units.setdefault(_unit(row, stream), Counter())[_text(row, stream)] += 1
    keys = Counter((_unit_of_keys(row, stream), _key(row, stream)) for row in rows) if stream.key else {}
    return StreamContent(stream=stream, units=units, twice=[key for key, times in keys.items() if times > 1])


def _unit(row: Mapping[str, Any], stream: Stream) -> object:
    if stream.kind is Kind.ENTITY and stream.key:
        return _key(row, stream)
    return row["_slice"]


def _unit_of_keys(row: Mapping[str, Any], stream: Stream) -> object:
    """Within what a key may be there once: a snapshot, else all that is stored."""
    return row["_slice"] if stream.kind is Kind.SNAPSHOT else None


def _key(row: Mapping[str, Any], stream: Stream) -> tuple[Any, ...]:
    return tuple(row[name] for name in stream.key)


def _text(row: Mapping[str, Any], stream: Stream) -> str:
    compared = _OF_DAYS.get(stream.id, row.keys() - _SYSTEM)
    return repr({name: value for name, value in row.items() if name in compared})


def wrong_after(before: Content, after: Content, told: Content) -> list[str]:
    """What no run may do: have a key twice, lose what had landed, have what the server hasn't got.

    Args:
        before: what was there before the run.
        after: what is there now.
        told: what an undisturbed landing at the same clocks has.
    """
    said = []
    for stream_id, now in after.items():
        said += [f"{stream_id}: key {key} is there twice" for key in now.twice[:_SHOWN]]
        old, true = before[stream_id].units, told[stream_id].units
        for unit in {**old, **now.units}:
            if unit in now.units and now.units[unit] in (old.get(unit), true.get(unit)):
                continue
            if unit not in now.units and unit not in true:
                continue
            what = "changed to what the server hasn't got" if unit in now.units else "was lost"
            said.append(f"{stream_id}: {unit} {what}")
    return said


def behind(after: Content, told: Content) -> dict[str, list[str]]:
    """By stream, how it differs from an undisturbed one; streams that don't are left out.

    Of snapshots only the newest is judged: the past can't be asked for.
    """
    found = {}
    for stream_id, true in told.items():
        units, wanted = after[stream_id].units, true.units
        if true.stream.kind is Kind.SNAPSHOT and wanted:
            newest = max(wanted, key=str)
            units, wanted = {key: units[key] for key in units.keys() & {newest}}, {newest: wanted[newest]}
        differing = [unit for unit in {**units, **wanted} if units.get(unit) != wanted.get(unit)]
        if differing:
            found[stream_id] = [
                f"{unit}: {_rows(units.get(unit))} instead of {_rows(wanted.get(unit))}"
                for unit in differing[:_SHOWN]
            ]
    return found


def _rows(rows: Counter[str] | None) -> str:
    return "absent" if rows is None else f"{rows.total()} rows {list(rows)[:1]}"
