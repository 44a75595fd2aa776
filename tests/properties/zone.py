"""A raw zone in memory: slices of rows with the manifests the control tables are written from.

It stands in for the raw zone on disk where an example is to be cheap: ``MemoryZone.create_views`` makes tables
instead of views over Parquet. What lands, replaces and vanishes is said slice by slice, as a landing would.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import duckdb
import pyarrow as pa

from connectors.core.manifest import Manifest, SliceEntry
from connectors.core.raw_zone import RawZone
from connectors.core.stream import Stream

Row = Mapping[str, Any]
LOADED_AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
_ARROW = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "DECIMAL(18,6)": pa.decimal128(18, 6),
    "DECIMAL(24,12)": pa.decimal128(24, 12),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    "BOOLEAN": pa.bool_(),
}


@dataclass
class _Slice:
    rows: list[dict[str, Any]]
    load_id: int
    window: tuple[date, date] | None


@dataclass
class MemoryZone(RawZone):
    """Slices by stream and source.

    Attributes:
        shuffled: seed of the order that rows are stored in; None keeps the order of landing.
        filled: streams whose tables hold rows of the build before.
    """

    brands: dict[str, str] = field(default_factory=dict)
    shuffled: int | None = None
    _slices: dict[tuple[str, str], dict[str, _Slice]] = field(default_factory=dict)
    _streams: dict[str, Stream] = field(default_factory=dict)
    _removed: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)
    filled: set[str] = field(default_factory=set)

    def land(
        self,
        stream: Stream,
        source: str,
        slice_: str,
        rows: Iterable[Row],
        *,
        load_id: int,
        window: tuple[date, date] | None = None,
    ) -> None:
        """One slice of ``source``; it replaces what the slice held."""
        columns = dict(stream.landed_columns)
        landed = []
        for line, row in enumerate(rows, start=1):
            unknown = row.keys() - columns.keys()
            assert not unknown, f"{stream.id} has no columns {unknown}"
            landed.append(
                {
                    **row,
                    "_source": source,
                    "_brand": self.brands[source],
                    "_slice": slice_,
                    "_file": row.get("_file", slice_),
                    "_line": row.get("_line", line),
                    "_is_deleted": row.get("_is_deleted", False),
                    "_loaded_at": LOADED_AT.replace(tzinfo=None),
                    "_load_id": load_id,
                }
            )
        self._streams[stream.id] = stream
        self._slices.setdefault((stream.id, source), {})[slice_] = _Slice(landed, load_id, window)
        self._removed.get((stream.id, source), {}).pop(slice_, None)

    def slices_of(self, stream: Stream, source: str) -> list[str]:
        """Keys of the listed slices."""
        return list(self._slices.get((stream.id, source), {}))

    def remove(self, stream: Stream, source: str, slice_: str, *, load_id: int) -> None:
        """Drop a slice."""
        self._slices[stream.id, source].pop(slice_)
        self._removed.setdefault((stream.id, source), {})[slice_] = load_id

    def manifest(self, stream: Stream, source: str) -> Manifest:
        """As of a raw zone on disk, for what a build reads of it."""
        slices = {
            key: SliceEntry(
                file=None,
                rows=len(each.rows),
                content_hash=str(each.load_id),
                load_id=each.load_id,
                loaded_at=LOADED_AT,
                window_start=each.window[0] if each.window else None,
                window_end=each.window[1] if each.window else None,
            )
            for key, each in self._slices.get((stream.id, source), {}).items()
        }
        return Manifest(
            connector=stream.connector,
            stream=stream.name,
            source=source,
            brand=self.brands.get(source, ""),
            slices=slices,
            removed=dict(self._removed.get((stream.id, source), {})),
        )

    def create_views(
        self, con: duckdb.DuckDBPyConnection, streams: Iterable[Stream], *, sources: Any = None
    ) -> None:
        """(Re)create the tables of ``streams`` that hold rows, or held some before."""
        for stream in streams:
            rows = [
                row
                for (stream_id, source), slices in self._slices.items()
                if stream_id == stream.id and (sources is None or source in sources)
                for each in slices.values()
                for row in each.rows
            ]
            if rows or stream.id in self.filled:
                if self.shuffled is not None:
                    random.Random(self.shuffled).shuffle(rows)
                write_rows(con, f"raw.{stream.view}", stream.landed_columns, rows)
            (self.filled.add if rows else self.filled.discard)(stream.id)


def write_rows(
    con: duckdb.DuckDBPyConnection,
    table: str,
    columns: Sequence[tuple[str, str]],
    rows: Sequence[Mapping[str, Any]],
) -> None:
    """Make ``table`` of ``rows``; what a row lacks is null."""
    arrays = [pa.array([row.get(name) for row in rows], _ARROW[type_]) for name, type_ in columns]
    con.register("drawn_rows", pa.table(arrays, names=[name for name, _ in columns]))
    con.execute(f"create or replace table {table} as select * from drawn_rows")
    con.unregister("drawn_rows")
