"""What a file holds, as bytes to search: as it lies on disk, and decoded where its format compresses.

DuckDB, Parquet and SQLite give their text cells, gzip its content, zip (so also xlsx) its members, UTF-16
text its characters. Every chunk says where it comes from. A file that isn't what its name says is searched as
it lies, and told apart.
"""

from __future__ import annotations

import gzip
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, NamedTuple

import duckdb

from connectors.core.sql import identifier, literal
from connectors.core.storage import first_line
from orchestration.published_file import memory_connection

CHUNK = 1 << 24
_SQLITE = b"SQLite format 3\x00"
_ROWS = 20_000
_START = 1000


_UNREADABLE = (
    OSError,  # also gzip's
    EOFError,
    zlib.error,
    zipfile.BadZipFile,
    RuntimeError,  # a zip with a password, or packed in a way that Python doesn't know
    duckdb.Error,
    sqlite3.Error,
)
"""What decoding raises of a file that isn't what its name says; the file is searched as it lies, and told."""


class Chunk(NamedTuple):
    """Some bytes and where they stand; without bytes, why the rest of the file can't be decoded."""

    place: str
    content: bytes
    is_unreadable: bool = False


def chunks_of(path: Path, *, temp: Path, overlap: int) -> Iterator[Chunk]:
    """Everything ``path`` holds; consecutive chunks of one place share ``overlap`` bytes."""
    with path.open("rb") as handle:
        yield from _stream(handle, "bytes", overlap)
    try:
        yield from _decoded(path, temp, overlap)
    except _UNREADABLE as error:
        yield Chunk(first_line(error), b"", is_unreadable=True)


def columns_of(con: duckdb.DuckDBPyConnection, catalog: str) -> dict[str, dict[str, str]]:
    """Type by column of every table of an attached database, by its quoted ``catalog.schema.table``."""
    rows = con.execute(
        "select c.schema_name, c.table_name, c.column_name, c.data_type from duckdb_columns() as c "
        "inner join duckdb_tables() as t using (database_name, schema_name, table_name) "
        "where database_name = ? order by all",
        [catalog],
    ).fetchall()
    tables: dict[str, dict[str, str]] = {}
    for schema, table, column, type_ in rows:
        name = f"{catalog}.{identifier(schema)}.{identifier(table)}"
        tables.setdefault(name, {})[column] = type_
    return tables


def holds_text(type_: str) -> bool:
    """Whether values of a DuckDB type may hold text."""
    return any(word in type_ for word in ("VARCHAR", "JSON", "BLOB", "ENUM", "UUID"))


def parquet_columns(con: duckdb.DuckDBPyConnection, path: Path) -> dict[str, str]:
    """Type by column of a Parquet file."""
    return dict(
        con.execute(
            f"select column_name, column_type from (describe select * from {parquet(path)})"
        ).fetchall()
    )


def parquet(path: Path) -> str:
    """SQL of the rows of a Parquet file."""
    return f"read_parquet({literal(str(path))}, hive_partitioning = false)"


def is_sqlite(path: Path) -> bool:
    """Whether a file is an SQLite database."""
    with path.open("rb") as handle:
        return handle.read(len(_SQLITE)) == _SQLITE


def _decoded(path: Path, temp: Path, overlap: int) -> Iterator[Chunk]:
    name = path.name.lower()
    if name.endswith(".duckdb"):
        with memory_connection(temp) as con:
            con.execute(f"attach {literal(str(path))} as searched (read_only)")
            for table, columns in columns_of(con, "searched").items():
                yield from _cells(con, table, columns)
    elif name.endswith(".parquet"):
        with memory_connection(temp) as con:
            yield from _cells(con, parquet(path), parquet_columns(con, path))
    elif name.endswith(".gz"):
        with gzip.open(path) as packed:
            yield from _stream(packed, "unpacked", overlap)
            packed.seek(0)
            yield from _wide_text(packed)
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                with archive.open(member) as handle:
                    yield from _stream(handle, member.filename, overlap)
    elif is_sqlite(path):
        yield from _sqlite_cells(path)
    else:
        with path.open("rb") as handle:
            yield from _wide_text(handle)


def _stream(handle: IO[bytes] | gzip.GzipFile, place: str, overlap: int) -> Iterator[Chunk]:
    tail = b""
    while block := handle.read(CHUNK):
        yield Chunk(place, tail + block)
        tail = (tail + block)[-overlap:] if overlap else b""


def _wide_text(handle: IO[bytes] | gzip.GzipFile) -> Iterator[Chunk]:
    """UTF-16 text as UTF-8; nothing of other files."""
    start = handle.read(_START)
    order = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}.get(start[:2])
    if order is None and start:
        even, odd = start[::2].count(0), start[1::2].count(0)
        half = len(start) // 4
        order = "utf-16-le" if odd > half and not even else "utf-16-be" if even > half and not odd else None
    if order is not None:
        yield Chunk("UTF-16 text", (start + handle.read()).decode(order, "replace").encode())


def _cells(con: duckdb.DuckDBPyConnection, relation: str, columns: dict[str, str]) -> Iterator[Chunk]:
    for column, type_ in columns.items():
        if not holds_text(type_):
            continue
        name = identifier(column)
        cells = con.cursor().execute(
            f"select distinct cast({name} as varchar) from {relation} where {name} is not null"
        )
        while rows := cells.fetchmany(_ROWS):
            yield Chunk(f"column {column} of {_bare(relation)}", "\n".join(row[0] for row in rows).encode())


def _bare(relation: str) -> str:
    return "the rows" if relation.startswith("read_parquet") else relation.split(".", 1)[1].replace('"', "")


def _sqlite_cells(path: Path) -> Iterator[Chunk]:
    log = path.with_name(f"{path.name}-wal")
    # Even reading makes a log beside a database, unless it is said to be at rest.
    at_rest = "" if log.exists() and log.stat().st_size else "&immutable=1"
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro{at_rest}", uri=True)) as con:
        con.text_factory = bytes
        for table, columns in sqlite_tables(con).items():
            quoted = ", ".join(identifier(column) for column in columns)
            cells = con.execute(f"select {quoted} from {identifier(table)}")
            while rows := cells.fetchmany(_ROWS):
                content = b"\n".join(cell for row in rows for cell in row if isinstance(cell, bytes))
                yield Chunk(f"table {table}", content)


def sqlite_tables(con: sqlite3.Connection) -> dict[str, list[str]]:
    """Columns by table of an SQLite database."""

    def text(value: object) -> str:
        return value.decode() if isinstance(value, bytes) else str(value)

    tables = [text(row[0]) for row in con.execute("select name from sqlite_master where type = 'table'")]
    return {
        table: [text(row[1]) for row in con.execute(f"pragma table_info({identifier(table)})")]
        for table in tables
    }
