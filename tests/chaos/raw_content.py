"""What raw zones hold of a source, in units that a landing replaces whole; and what is wrong with one after a run.

Reports and snapshots are compared by slice, records by their key. Two zones are read by no way of ours (``Stored`` of the
conformance suite reads the Parquet files that the manifests list).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
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
        versions: of records, by unit, what says how new they are.
    """

    stream: Stream
    units: Units
    twice: Sequence[object]
    versions: Mapping[object, datetime] = field(default_factory=dict)


Content = Mapping[str, StreamContent]
"""Of one source, by stream id."""


def content_of(
    root: Path, source_id: str, streams: Collection[Stream], versions: Mapping[str, str] | None = None
) -> Content:
    """Everything that the zone at ``root`` holds of a source; ``versions`` names columns by stream id."""
    stored = Stored(root, source_id)
    return {stream.id: _read(stored, stream, (versions or {}).get(stream.id)) for stream in streams}


def _read(stored: Stored, stream: Stream, version: str | None) -> StreamContent:
    rows = stored.rows(stream)
    units: dict[object, Counter[str]] = {}
    if stream.kind is not Kind.ENTITY:
        # A day on which nothing happened is a slice too.
        listed = stored.manifests().get(stream.id, {}).get("slices", {})
        units = {key: Counter() for key in listed}
    for row in rows:
        units.setdefault(_unit(row, stream), Counter())[_text(row, stream)] += 1
    keys = Counter((_unit_of_keys(row, stream), _key(row, stream)) for row in rows) if stream.key else {}
    return StreamContent(
        stream=stream,
        units=units,
        twice=[key for key, times in keys.items() if times > 1],
        versions={_unit(row, stream): row[version] for row in rows if version and row[version]},
    )


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


def wrong_after(before: Content, after: Content, *told: Content) -> list[str]:
    """What no run may do: have a key twice, lose what had landed, have what the server hasn't got.

    Args:
        before: what was there before the run.
        after: what is there now.
        told: what undisturbed landings have, one of which lands at every clock.
    """
    said = []
    for stream_id, now in after.items():
        said += [f"{stream_id}: key {key} is there twice" for key in now.twice[:_SHOWN]]
        old, true = before[stream_id].units, [each[stream_id].units for each in told]
        for unit in {**old, **now.units}:
            if unit in now.units and now.units[unit] in (old.get(unit), *(each.get(unit) for each in true)):
                continue
            if unit not in now.units and any(unit not in each for each in true):
                continue
            what = "changed to what the server hasn't got" if unit in now.units else "was lost"
            said.append(f"{stream_id}: {unit} {what}")
    return said


def behind(
    after: Content, *told: Content, asked_since: Mapping[str, datetime] | None = None
) -> dict[str, list[str]]:
    """By stream, how it differs from every undisturbed one; streams that don't are left out.

    Of snapshots only the newest is judged: the past can't be asked for.

    Args:
        after: what is there now.
        told: what undisturbed landings have, one of which lands at every clock.
        asked_since: by stream, records older than that are asked for with the next whole list only.
    """
    found = {}
    for stream_id, true in told[0].items():
        units, wanted = after[stream_id].units, [each[stream_id].units for each in told]
        judged = {*units, *wanted[0]}
        if true.stream.kind is Kind.SNAPSHOT:
            judged &= {max(wanted[0], key=str)} if wanted[0] else set()
        since = (asked_since or {}).get(stream_id)
        differing = [
            unit
            for unit in judged
            if all(units.get(unit) != each.get(unit) for each in wanted)
            and not (since and unit in units and true.versions.get(unit, since) < since)
        ]
        if differing:
            found[stream_id] = [
                f"{unit}: {_rows(units.get(unit))} instead of {_rows(wanted[0].get(unit))}"
                for unit in differing[:_SHOWN]
            ]
    return found


def _rows(rows: Counter[str] | None) -> str:
    return "absent" if rows is None else f"{rows.total()} rows {list(rows)[:1]}"
