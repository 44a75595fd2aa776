"""Which table of the export a file belongs to, told from its path in the workspace: pure functions.

BigQuery's tables are ``events_YYYYMMDD``, ``events_fresh_YYYYMMDD`` and ``events_intraday_YYYYMMDD``. The
file has such a name, or a folder has, or the folder is ``event_date=YYYY-MM-DD``. Any other file belongs to
no table: its rows say their days. Files of one export are its numbered shards.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import PurePosixPath

_TABLE = re.compile(r"(?<![a-z])events_(?:(intraday|fresh)_)?(\d{8})(?=\d{12}(?!\d)|(?!\d))", re.IGNORECASE)
_PARTITION = re.compile(r"event_date=(\d{4})-?(\d{2})-?(\d{2})", re.IGNORECASE)
_KIND = re.compile(r"(?<![a-z])events_(intraday|fresh)(?![a-z])", re.IGNORECASE)
_PROPERTY = re.compile(r"(?<![a-z0-9])analytics_(\d+)(?![a-z0-9])", re.IGNORECASE)
# What BigQuery, Spark and DuckDB append to a name when they write several files.
_SHARD = re.compile(
    r"(?:[-_.]?\d{12}|(?:^|[-_.])part[-_.]?\d+.*|(?:^|[-_.])\d+[-_.]of[-_.]\d+)$", re.IGNORECASE
)


class TableKind(StrEnum):
    """Kind of an export table; a day is taken from the best kind that is there, in this order."""

    DAILY = "daily"
    FRESH = "fresh"
    INTRADAY = "intraday"

    @property
    def rank(self) -> int:
        """Larger wins."""
        return -list(TableKind).index(self)


@dataclass(frozen=True)
class Export:
    """What one export job wrote: the files that together make its days.

    Attributes:
        day: the table's day; None for files that belong to no table.
        kind: kind of the table; ``daily`` for files that belong to none.
        folder: folder of the files. base: their name without table date and shard number.
    """

    day: date | None
    kind: TableKind
    folder: str
    base: str

    @property
    def table(self) -> str:
        """Name of the table, for messages."""
        if self.day is None:
            return f"{self.folder}/{self.base}".strip("/")
        kind = "" if self.kind is TableKind.DAILY else f"{self.kind}_"
        return f"events_{kind}{self.day:%Y%m%d}"


def export_of(path: PurePosixPath) -> Export:
    """The export that a file belongs to, by its path in the workspace."""
    stem = _stem(path.name)
    folder = path.parent.as_posix()
    named = _TABLE.search(stem)
    day = _day(named[2]) if named else None
    if named and day:
        rest = _SHARD.sub("#", stem[named.end(2) :])
        return Export(day, _kind(named[1]), folder, stem[: named.start()] + rest)
    folders = path.parts[-2::-1]
    for part in folders:
        named = _TABLE.search(part)
        day = _day(named[2]) if named else None
        if named and day:
            return Export(day, _kind(named[1]), folder, "")
        partition = _PARTITION.fullmatch(part)
        day = _day("".join(partition.groups())) if partition else None
        if day:
            return Export(day, _kind_of_folders(folders), folder, "")
    return Export(None, TableKind.DAILY, folder, _SHARD.sub("#", stem))


def property_of(path: PurePosixPath) -> str | None:
    """Property id in a folder or file name ``analytics_<id>``, as BigQuery names the dataset."""
    found = _PROPERTY.search(path.as_posix())
    return found[1] if found else None


def _stem(name: str) -> str:
    for ending in (".gz", ".parquet", ".json", ".jsonl", ".ndjson", ".snappy", ".zstd"):
        if name.lower().endswith(ending):
            name = name[: -len(ending)]
    return name


def _day(digits: str) -> date | None:
    try:
        return date.fromisoformat(digits)
    except ValueError:
        return None


def _kind(word: str | None) -> TableKind:
    return TableKind(word.lower()) if word else TableKind.DAILY


def _kind_of_folders(folders: Sequence[str]) -> TableKind:
    return next((_kind(found[1]) for part in folders if (found := _KIND.search(part))), TableKind.DAILY)
