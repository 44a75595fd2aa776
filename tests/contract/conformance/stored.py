"""What the raw zone holds, read apart from the programs that wrote it: rows, slices, files, clear text.

Rows come as the newest version of each record, tombstones left out, without the columns that tell when and how
they landed; so two zones that were filled in different ways are comparable.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from connectors.core.stream import SYSTEM_COLUMNS, Kind, Stream

Row = Mapping[str, Any]
Content = Mapping[str, Counter[str]]
"""Rows by stream id, as texts."""
_SYSTEM = frozenset(name for name, _ in SYSTEM_COLUMNS)
_SHOWN = 5


class Stored:
    """What one raw zone holds of one source; read anew at each call."""

    def __init__(self, root: Path, source_id: str) -> None:
        self._root = root
        self._source_id = source_id

    def manifests(self) -> dict[str, Mapping[str, Any]]:
        """By stream id."""
        return {
            "/".join(path.relative_to(self._root).parts[:2]): json.loads(path.read_text(encoding="utf-8"))
            for path in sorted(self._root.glob(f"*/*/source={self._source_id}/manifest.json"))
        }

    def rows(self, stream: Stream) -> list[dict[str, Any]]:
        """The newest version of each record that isn't gone, with load id and slice, in a fixed order."""
        manifest = self.manifests().get(stream.id)
        if manifest is None:
            return []
        folder = self._root / stream.id / f"source={self._source_id}"
        rows = [
            row
            for name in manifest["files"]
            for row in pq.read_table(folder / name, partitioning=None).to_pylist()
        ]
        if stream.kind is Kind.ENTITY and stream.key:
            newest: dict[Any, int] = {}
            for row in rows:
                newest[_key(row, stream)] = max(row["_load_id"], newest.get(_key(row, stream), 0))
            # Two rows of one key and load are two rows, which the suite is to see.
            rows = [row for row in rows if row["_load_id"] == newest[_key(row, stream)]]
        return sorted((row for row in rows if not row["_is_deleted"]), key=repr)

    def content(self, streams: Iterable[Stream]) -> Content:
        """Rows of ``streams``, comparable."""
        return {stream.id: Counter(map(_text, self.rows(stream))) for stream in streams}

    def slices(self) -> dict[tuple[str, str], tuple[int, str, int]]:
        """Rows, content and load id by stream id and slice."""
        return {
            (stream_id, key): (entry["rows"], entry["content_hash"], entry["load_id"])
            for stream_id, manifest in self.manifests().items()
            for key, entry in manifest["slices"].items()
        }

    def files(self) -> dict[str, int]:
        """Size by path of the Parquet files that are listed."""
        return {
            f"{stream_id}/{name}": entry["bytes"]
            for stream_id, manifest in self.manifests().items()
            for name, entry in manifest["files"].items()
        }


def repeated(rows: Iterable[Row], stream: Stream) -> list[Any]:
    """Keys that several of ``rows`` have."""
    keys = Counter(_key(row, stream) for row in rows)
    return [key for key, times in keys.items() if times > 1] if stream.key else []


def clear_texts(root: Path) -> str:
    """Everything under ``root`` as text: manifests as they are, values of Parquet files one by one."""
    texts = []
    for path in sorted(root.rglob("*")):
        if path.suffix == ".parquet":
            table = pq.read_table(path, partitioning=None)
            texts += [repr(column.to_pylist()) for column in table.columns]
        elif path.is_file():
            texts.append(path.read_text(encoding="utf-8", errors="replace"))
        texts.append(path.name)
    return "\n".join(texts)


def unlike(stored: Sequence[Row], expected: Sequence[Row]) -> list[str]:
    """How ``stored`` differs from ``expected``, by the columns of ``expected``; empty where it doesn't."""
    names = expected[0].keys() if expected else ()
    found = Counter(_text({name: row[name] for name in names}) for row in stored)
    wanted = Counter(map(_text, expected))
    return _differences(found, wanted)


def content_unlike(found: Content, wanted: Content) -> list[str]:
    """How two contents differ; empty where they don't."""
    return [
        f"{stream_id}: {difference}"
        for stream_id in sorted({*found, *wanted})
        for difference in _differences(found.get(stream_id, Counter()), wanted.get(stream_id, Counter()))
    ]


def not_in(found: Content, wanted: Content) -> list[str]:
    """Rows that ``wanted`` hasn't got, or not so often."""
    return [
        f"{stream_id}: {row}"
        for stream_id, rows in found.items()
        for row in rows - wanted.get(stream_id, Counter())
    ]


def _key(row: Row, stream: Stream) -> tuple[Any, ...]:
    return tuple(row[name] for name in stream.key)


def _differences(found: Counter[str], wanted: Counter[str]) -> list[str]:
    missing, more = wanted - found, found - wanted
    told = [f"missing {row}" for row in list(missing)[:_SHOWN]] + [
        f"not wanted {row}" for row in list(more)[:_SHOWN]
    ]
    return [*told, f"{missing.total()} missing, {more.total()} not wanted"] if told else []


def _text(row: Row) -> str:
    return repr({name: _plain(value) for name, value in row.items() if name not in _SYSTEM})


def _plain(value: Any) -> Any:
    """Numbers of all types alike."""
    if isinstance(value, Decimal | int | float) and not isinstance(value, bool):
        return float(value)
    return value
