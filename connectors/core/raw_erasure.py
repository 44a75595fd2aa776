"""Erasing rows from the raw zone: files that hold some are written anew without them, and deleted.

As with a landing, the renamed manifest makes it so: a death before leaves all as it was, one after leaves
old files that nothing lists, which ``RawZone.collect_garbage`` deletes. A slice that loses rows gets a new
content hash and the load id of the erasing run, so that what depends on it is rebuilt; one that loses all is
empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb

from connectors.core.keeper import DiskKeeper, Keeper
from connectors.core.landing import content_hash_sql, listed_layout
from connectors.core.manifest import Manifest, SliceEntry
from connectors.core.parquet import ParquetWriter
from connectors.core.storage import disk_errors
from connectors.core.stream import SYSTEM_COLUMNS, Stream
from connectors.core.views import select_listed


def stored_sql(
    folder: Path, manifest: Manifest, stream: Stream, *, only: frozenset[str] | None = None
) -> str:
    """SELECT of the listed rows with every column of ``stream`` and all extras of its files."""
    layout = listed_layout(stream, manifest, only=manifest.files if only is None else only)
    return select_listed([(folder, manifest)], layout, only=only)


def erase_rows(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    manifest: Manifest,
    stream: Stream,
    *,
    condition: str,
    load_id: int,
    loaded_at: datetime,
    keeper: Keeper | None = None,
) -> int:
    """Erase the rows for which ``condition`` holds; how many there were.

    Args:
        con: knows what the condition refers to.
        folder: folder of the stream and source.
        manifest: what it lists.
        stream: declares the columns.
        condition: SQL over the columns of :func:`stored_sql`; never null.
        load_id: of the erasing run.
        loaded_at: its time, aware.
        keeper: of the zone (:attr:`RawZone.keeper`); None for one on disk.

    Raises:
        RawZoneError: a file can't be read or written; everything is as it was.
    """
    keeper = keeper or DiskKeeper()
    with disk_errors(folder):
        found = con.execute(
            f"select _slice, count(*) from ({stored_sql(folder, manifest, stream)}) "
            f"where {condition} group by _slice"
        ).fetchall()
        lost: dict[str, int] = dict(found)
        if not lost:
            return 0
        obsolete = frozenset(
            name for name, entry in manifest.files.items() if lost.keys() & set(entry.slices)
        )
        layout = listed_layout(stream, manifest, only=obsolete)
        kept = f"select * from ({stored_sql(folder, manifest, stream, only=obsolete)}) where not {condition}"
        hashes = _slice_hashes(con, kept, stream, layout)
        writer = ParquetWriter(con, folder, load_id)
        try:
            new_file = (
                writer.write(
                    f"{kept} order by _slice, _line",
                    layout=layout,
                    rows={key: rows for key, (rows, _) in hashes.items()},
                    requests=sum(manifest.files[name].requests for name in obsolete),
                )
                if hashes
                else None
            )
            slices = dict(manifest.slices)
            for key in (key for name in obsolete for key in manifest.files[name].slices):
                rows, content_hash = hashes.get(key, (0, ""))
                entry = replace(slices[key], file=new_file.name if new_file and rows else None)
                slices[key] = _shrunk(entry, rows, content_hash, load_id, loaded_at) if key in lost else entry
            files = {name: entry for name, entry in manifest.files.items() if name not in obsolete}
            layouts = dict(manifest.layouts)
            if new_file:
                files[new_file.name] = new_file.entry
                layouts[new_file.entry.schema_hash] = dict(new_file.layout)
            used = {entry.schema_hash for entry in files.values()}
            left = replace(
                manifest,
                files=files,
                slices=slices,
                layouts={key: each for key, each in layouts.items() if key in used},
            )
            keeper.commit(folder, left, old=manifest)
        except BaseException:
            # Whatever it was, an interruption too: nothing lists the new file, and the old ones are whole.
            writer.discard()
            raise
        keeper.delete(folder, obsolete)
    return sum(lost.values())


def _slice_hashes(
    con: duckdb.DuckDBPyConnection, rows: str, stream: Stream, layout: Mapping[str, str]
) -> dict[str, tuple[int, str]]:
    """Rows and content hash by slice, as a landing of the same rows would have them."""
    system = {name for name, _ in SYSTEM_COLUMNS}
    columns = [name for name in layout if name not in system]
    found = con.execute(
        f"select _slice, count(*), {content_hash_sql(stream, columns)} from ({rows}) group by _slice"
    ).fetchall()
    return {str(key): (int(count), str(content)) for key, count, content in found}


def _shrunk(entry: SliceEntry, rows: int, content_hash: str, load_id: int, loaded_at: datetime) -> SliceEntry:
    return replace(entry, rows=rows, content_hash=content_hash, load_id=load_id, loaded_at=loaded_at)
