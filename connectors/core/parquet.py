"""Writes the Parquet files of one landing: durable, under names that nothing lists yet, undone on request."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

import duckdb

from connectors.core.errors import RawZoneError
from connectors.core.manifest import FileEntry
from connectors.core.plan import NewFile
from connectors.core.sql import literal
from connectors.core.storage import disk_problem, make_folder, sync_file, sync_folder


class ParquetWriter:
    """Files of one landing in one folder.

    Args:
        con: connection that the SELECTs run on.
        folder: folder of the stream and source; made when needed.
        load_id: run, the first part of each file name.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, folder: Path, load_id: int) -> None:
        self._con = con
        self._folder = folder
        self._load_id = load_id
        self._paths: list[Path] = []

    def write(
        self,
        select_sql: str,
        *,
        layout: Mapping[str, str],
        rows: Mapping[str, int],
        requests: int = 0,
    ) -> NewFile:
        """Write one file and force it to disk.

        Args:
            select_sql: the rows, columns as in ``layout``.
            layout: type by name of the columns.
            rows: how many rows each slice must have.
            requests: calls to the source behind it.

        Raises:
            RawZoneError: a stored file that is read cannot be, or the row count is off.
        """
        path = self._new_path()
        copy = f"copy ({select_sql}) to {literal(str(path))} (format parquet, compression zstd)"
        try:
            copied = self._con.execute(copy).fetchall()
        except duckdb.Error as error:
            if disk_problem(error):
                raise
            message = (
                f"Files that the manifest in {self._folder} lists cannot be read: "
                f"{str(error).splitlines()[0]}. Restore that folder from a backup; or move it out of the "
                "workspace and run again, which lands the source anew."
            )
            raise RawZoneError(message) from error
        expected = sum(rows.values())
        if copied != [(expected,)]:
            message = (
                f"{path} should hold {expected} rows, but {copied[0][0]} were written. The landing is undone."
            )
            raise RawZoneError(message)
        return self._finished(path, layout=layout, rows=rows, requests=requests)

    def adopt(
        self, part: Path, *, layout: Mapping[str, str], rows: Mapping[str, int], requests: int = 0
    ) -> NewFile:
        """Take over a finished file on the same or another disk; arguments as for :meth:`write`."""
        path = self._new_path()
        shutil.move(part, path)
        return self._finished(path, layout=layout, rows=rows, requests=requests)

    def _new_path(self) -> Path:
        make_folder(self._folder)
        path = self._folder / f"{self._load_id:06d}-{uuid4().hex[:12]}.parquet"
        self._paths.append(path)
        return path

    def _finished(
        self, path: Path, *, layout: Mapping[str, str], rows: Mapping[str, int], requests: int
    ) -> NewFile:
        sync_file(path)
        sync_folder(self._folder)
        entry = FileEntry(
            rows=sum(rows.values()),
            bytes=path.stat().st_size,
            slices=tuple(rows),
            schema_hash=layout_hash(layout),
            requests=requests,
        )
        return NewFile(name=path.name, entry=entry, layout=layout)

    def discard(self) -> None:
        """Delete what was written."""
        for path in self._paths:
            path.unlink(missing_ok=True)


def layout_hash(layout: Mapping[str, str]) -> str:
    """Short hash of column names and types in order."""
    return hashlib.sha256(repr(list(layout.items())).encode()).hexdigest()[:16]
