"""One published file per brand, ``published/brands/<brand>.duckdb``, with nothing of any other brand in it.

Each is made from the published file: same version, tables, storage version and mode, swapped in by one
rename. A table with ``brand_id`` keeps the brand's rows, the periods those of the brand's calendar, the
channels those that everybody has and those the brand's own rows name; :data:`SHARED_TABLES` are the same for
all. A table that none of these rules covers is left out, since it may hold anybody's rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from connectors.core.sql import identifier, literal
from orchestration import published_file as file
from orchestration.ledger import Event

SHARED_TABLES = frozenset({"dim_date", "dim_kpi"})
"""Tables without ``brand_id`` that hold no word of any brand."""
ABOUT_THE_FILE = frozenset({"publication", "publication_tables"})
CHANNELS = "dim_channel"


def refresh_brand_files(con: duckdb.DuckDBPyConnection, folder: Path, event: Event) -> list[Path]:
    """Bring the file of every published brand to ``event``, and remove those of brands that are gone.

    Args:
        con: has what readers see attached as ``published``.
        folder: where the files are.
        event: what the published file says it is.

    Returns:
        The files that were written; those that are of this event already are not.
    """
    brands = con.execute("select brand_id, calendar_key from published.marts.dim_brand order by 1").fetchall()
    remove_brand_files(folder, keep={brand_id for brand_id, _ in brands})
    written = []
    for brand_id, calendar_key in brands:
        path = folder / f"{brand_id}.duckdb"
        if _is_of(con, path, event):
            continue
        _write(con, path, brand_id=brand_id, calendar_key=calendar_key)
        written.append(path)
    return written


def remove_brand_files(folder: Path, *, keep: frozenset[str] | set[str] = frozenset()) -> int:
    """Remove brand files but those of ``keep``, with what a killed run left beside them; returns how many."""
    if not folder.is_dir():
        return 0
    for leftover in folder.glob(".*.duckdb.next*"):
        leftover.unlink()
    gone = [path for path in folder.glob("*.duckdb") if path.stem not in keep]
    for path in gone:
        path.with_name(f"{path.name}.wal").unlink(missing_ok=True)
        path.unlink()
    if not keep and not any(folder.iterdir()):
        folder.rmdir()
    return len(gone)


def _is_of(con: duckdb.DuckDBPyConnection, path: Path, event: Event) -> bool:
    """Whether ``path`` is whole and says that it was made from ``event``."""
    if not path.is_file() or path.with_name(f"{path.name}.wal").exists():
        return False
    try:
        file.attach(con, path, "brand_file")
    except duckdb.Error:  # damaged: it is made anew
        return False
    try:
        found = con.execute("select event_id, format_version from brand_file.marts.publication").fetchall()
    except duckdb.Error:
        return False
    finally:
        con.execute("detach brand_file")
    return found == [(event.event_id, file.FORMAT_VERSION)]


def _write(con: duckdb.DuckDBPyConnection, path: Path, *, brand_id: str, calendar_key: str) -> None:
    tables = file.mart_tables(con, "published")
    with file.new_file(con, path) as aside:
        for table, columns in tables.items():
            rows = _rows_of(table, columns, brand_id=brand_id, calendar_key=calendar_key)
            if rows is not None:
                con.execute(f"create table target.marts.{identifier(table)} as {rows}")
        if CHANNELS in tables:
            con.execute(f"create table target.marts.{CHANNELS} as {_channels(con)}")
        digests = {
            table: file.table_digest(con, "target", table, columns)
            for table, columns in file.mart_tables(con, "target").items()
            if table not in file.OWN_TABLES
        }
        con.execute(
            "create table target.marts.publication as select * replace (? as row_count, ? as content_digest) "
            "from published.marts.publication",
            [sum(digest.rows for digest in digests.values()), file.content_digest(digests)],
        )
        file.write_publication_tables(con, digests)
        file.close_target(con, aside)
        file.put_in_place(aside, path)


def _rows_of(table: str, columns: Mapping[str, str], *, brand_id: str, calendar_key: str) -> str | None:
    """SQL of the rows of ``table`` that a brand's file holds; None for a table made otherwise or left out."""
    if table in ABOUT_THE_FILE:
        return None
    source = f"published.marts.{identifier(table)}"
    if "brand_id" in columns:
        return f"select * from {source} where brand_id = {literal(brand_id)}"
    if "calendar_key" in columns:
        return f"select * from {source} where calendar_key = {literal(calendar_key)}"
    return f"select * from {source}" if table in SHARED_TABLES else None


def _channels(con: duckdb.DuckDBPyConnection) -> str:
    """SQL of the channels of the file: those of the mapping, and words that the brand's own rows name."""
    named = []
    for table, columns in file.mart_tables(con, "target").items():
        source = f"target.marts.{identifier(table)}"
        if "channel_id" in columns:
            named.append(f"select channel_id from {source}")
        if {"segment_type", "segment"} <= columns.keys():
            named.append(f"select segment from {source} where segment_type = 'channel'")
    own = f" or channel_id in ({' union '.join(named)})" if named else ""
    return f"select * from published.marts.{CHANNELS} where is_mapped{own}"
