"""Taking the people out of what Sanjeh keeps beside raw zone and build file.

Published files and retained versions are written anew without their rows, and so are Parquet files of the
warehouse; in Dagster's storage and in logs, reports and other texts what names them becomes ``[erased]``.
Each file is replaced in one step, so a killed purge is simply done again.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from connectors.core.sql import identifier, literal
from connectors.core.storage import disk_errors, sync_file, sync_folder, write_atomically
from orchestration import published_file as file
from orchestration.erase.contents import columns_of, is_sqlite, parquet, parquet_columns, sqlite_tables
from orchestration.erase.scan import Proof, search_file
from orchestration.erase.subject import Subject
from orchestration.erase.warehouse_rows import prepare, theirs_sql
from orchestration.errors import WorkspaceError
from orchestration.workspace import Workspace

_TABLES = "publication_tables"


@dataclass(frozen=True, kw_only=True)
class Purged:
    """A file that was written anew: how many rows it lost; None for one whose text was redacted."""

    path: Path
    rows: int | None


class Purge:
    """Purges one workspace of the people of a plan; the caller holds the lock."""

    def __init__(self, workspace: Workspace, subject: Subject) -> None:
        self._workspace = workspace
        self._subject = subject
        self._needles = subject.needles

    def clear_scratch(self) -> None:
        """Delete what landings and builds left in the folder for temporary data."""
        for path in self._workspace.temp.glob("*"):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)

    def published_rows(self) -> Iterator[Purged]:
        """Published databases and Parquet copies that hold rows of theirs; changes nothing."""
        for path in self._published_files():
            rows = sum(self._theirs(path).values())
            if rows:
                yield Purged(path=path, rows=rows)

    def published(self) -> Iterator[Purged]:
        """Write those of :meth:`published_rows` anew, without the rows."""
        for path in self._published_files():
            lost = self._theirs(path)
            if lost:
                if path.suffix == ".duckdb":
                    self._write_database(path, lost)
                else:
                    self._write_parquet(path)
                yield Purged(path=path, rows=sum(lost.values()))

    def texts(self, *, without: Path) -> Iterator[Purged]:
        """Redact Dagster's storage, logs, reports and the warehouse's JSON; not the file ``without``."""
        workspace = self._workspace
        for folder in (workspace.dagster_home, workspace.reports, workspace.warehouse):
            for path in sorted(each for each in folder.rglob("*") if each.is_file()):
                if path == without or path.suffix in {".duckdb", ".parquet"}:
                    continue
                found = search_file(path, self._needles, temp=workspace.temp, proof=Proof())
                if any(each.what != "unread" for each in found):
                    self._redact(path)
                    yield Purged(path=path, rows=None)

    def _published_files(self) -> list[Path]:
        workspace = self._workspace
        copies = sorted(workspace.warehouse.rglob("*.parquet"))
        return [*sorted(workspace.published.rglob("*.duckdb")), *copies]

    def _theirs(self, path: Path) -> dict[str, int]:
        """Rows of theirs by table; of a Parquet file by its rows as SQL."""
        found: dict[str, int] = {}
        with self._opened(path) as (con, tables):
            for table, columns in tables.items():
                condition = theirs_sql(self._subject.plan.brand, columns)
                if condition is None:
                    continue
                [(count,)] = con.execute(f"select count(*) from {table} where {condition}").fetchall()
                if count:
                    found[table] = int(count)
        return found

    @contextmanager
    def _opened(self, path: Path) -> Iterator[tuple[duckdb.DuckDBPyConnection, dict[str, dict[str, str]]]]:
        """A connection, and columns by table of a database (attached as ``old``) or Parquet file."""
        with file.memory_connection(self._workspace.temp) as con:
            prepare(con, self._subject)
            if path.suffix == ".duckdb":
                file.attach(con, path, "old")
                yield con, columns_of(con, "old")
            else:
                yield con, {parquet(path): parquet_columns(con, path)}

    def _write_database(self, path: Path, lost: Collection[str]) -> None:
        with self._opened(path) as (con, tables), disk_errors(path), file.new_file(con, path) as aside:
            con.execute("copy from database old to target (schema)")
            for table, columns in tables.items():
                condition = theirs_sql(self._subject.plan.brand, columns) if table in lost else None
                kept = f"where not {condition}" if condition else ""
                con.execute(f"insert into target.{table.split('.', 1)[1]} select * from {table} {kept}")
            _count_again(con, lost)
            file.close_target(con, aside)
            file.put_in_place(aside, path)

    def _write_parquet(self, path: Path) -> None:
        mode = path.stat().st_mode
        aside = path.with_name(f".{path.name}.next")
        with self._opened(path) as (con, tables), disk_errors(path):
            [(rows, columns)] = tables.items()
            kept = f"select * from {rows} where not {theirs_sql(self._subject.plan.brand, columns)}"
            con.execute(f"copy ({kept}) to {literal(str(aside))} (format parquet, compression zstd)")
            aside.chmod(mode)
            sync_file(aside)
            aside.replace(path)
            sync_folder(path.parent)

    def _redact(self, path: Path) -> None:
        if is_sqlite(path):
            self._redact_sqlite(path)
            return
        mode = path.stat().st_mode
        write_atomically(path, self._needles.redacted(path.read_bytes()))
        path.chmod(mode)

    def _redact_sqlite(self, path: Path) -> None:
        def redact(cell: str | bytes) -> str | bytes:
            if isinstance(cell, str):
                return self._needles.redacted(cell.encode()).decode()
            return self._needles.redacted(cell)

        try:
            with closing(sqlite3.connect(path)) as con:
                con.create_function("redacted", 1, redact, deterministic=True)
                for table, columns in sqlite_tables(con).items():
                    for column in map(identifier, columns):
                        con.execute(
                            f"update {identifier(table)} set {column} = redacted({column}) "
                            f"where typeof({column}) in ('text', 'blob') and redacted({column}) <> {column}"
                        )
                con.commit()
                con.execute("pragma wal_checkpoint(truncate)")
                con.execute("vacuum")
                con.execute("pragma wal_checkpoint(truncate)")
        except sqlite3.OperationalError as error:
            raise WorkspaceError(
                f"Dagster's storage {path} can't be written ({error}), so what it says of the erased people "
                "is still there. Stop `sanjeh dev` if it runs, and run the same command again: it goes on "
                "from here."
            ) from error


def _count_again(con: duckdb.DuckDBPyConnection, lost: Collection[str]) -> None:
    """Let ``publication_tables`` of catalog ``target`` say what the tables that lost rows hold now."""
    counted = file.mart_tables(con, "target")
    if _TABLES not in counted:
        return
    for table in lost:
        name = table.rsplit(".", 1)[1].strip('"')
        digest = file.table_digest(con, "target", name, counted[name])
        con.execute(
            f"update target.marts.{_TABLES} set row_count = ?, content_digest = ? where table_name = ?",
            [digest.rows, digest.digest, name],
        )
