"""Which days are committed together: small days share a file of the raw zone, a large one has its own.

A file of its own is the staged one, moved; a shared one is written again, sorted by day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from connectors.ga4_events.days import EventFile, Group

_BYTES = 16_000_000
_OWN_FILE_BYTES = 1_000_000
"""A day from so much on has a file of its own."""
_FILES = 50
# JSON lines against the same events in Parquet, both as BigQuery exports them.
_JSON_RATIO = 16


def batches(groups: Iterable[Group]) -> Iterator[list[Group]]:
    """``groups`` in their order, as many at a time as a landing sorts in memory."""
    batch: list[Group] = []
    size, count = 0.0, 0
    for group in groups:
        weight = sum(_weight(each) for each in group.files)
        is_large = weight >= _OWN_FILE_BYTES
        if batch and (is_large or size + weight > _BYTES or count + len(group.files) > _FILES):
            yield batch
            batch, size, count = [], 0.0, 0
        if is_large:
            yield [group]
            continue
        batch.append(group)
        size += weight
        count += len(group.files)
    if batch:
        yield batch


def files_of(batch: Iterable[Group]) -> Iterator[tuple[EventFile, set[str]]]:
    """Files to read, each with the days that are made of it."""
    for group in batch:
        for each in group.files:
            yield each, {day for day, files in group.sources.items() if each in files}


def _weight(each: EventFile) -> float:
    """Bytes to read, as Parquet would take them."""
    is_packed = each.file.path.suffix.lower() in {".parquet", ".parq", ".gz"}
    return each.file.size if is_packed else each.file.size / _JSON_RATIO
