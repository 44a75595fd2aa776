"""Reading the published file: a read-only connection, and one paragraph where that is impossible.

The file is attached to an in-memory connection, so that a version swapped in later is seen by the next
connection and no lock is ever taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb

from orchestration.errors import LookupFailure, WorkspaceError
from orchestration.published_file import attach
from orchestration.workspace import Workspace

Rows = list[dict[str, Any]]


@contextmanager
def published_connection(workspace: Workspace) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection in UTC whose schema ``marts`` is that of the published file.

    Raises:
        WorkspaceError: nothing is published, or the file can't be read.
    """
    path = workspace.published_file
    if not path.exists():
        raise WorkspaceError(f"Nothing is published yet: there is no {path}. Run `sanjeh run` first.")
    try:
        with duckdb.connect(":memory:") as connection:
            connection.execute("set TimeZone = 'UTC'")
            attach(connection, path, "kpi")
            connection.execute("use kpi")
            yield connection
    except duckdb.Error as error:
        raise WorkspaceError(
            f"The published file {path} can't be read: {str(error).splitlines()[0]} It is of another version "
            "of Sanjeh or damaged: `sanjeh run` publishes anew, `sanjeh rollback` brings the one before back."
        ) from error


def require_brand(con: duckdb.DuckDBPyConnection, brand_id: str | None) -> None:
    """Refuse a brand that was asked for by its id and isn't published; None asks for none.

    Raises:
        LookupFailure: there is no such brand.
    """
    brands = [row[0] for row in con.execute("select brand_id from marts.dim_brand").fetchall()]
    if brand_id is not None and brand_id not in brands:
        raise LookupFailure(
            f"There is no brand {brand_id} in the published file; it holds {', '.join(sorted(brands))}."
        )


def has_table(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether the published file on ``con`` has the table."""
    found = con.execute(
        "select 1 from duckdb_tables() where database_name = current_database() and schema_name = 'marts' "
        "and table_name = ?",
        [table],
    ).fetchone()
    return found is not None


def rows_of(
    con: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[object] | dict[str, object] = ()
) -> Rows:
    """Rows of a query as dictionaries."""
    relation = con.execute(sql, parameters)
    names = [column[0] for column in relation.description or []]
    return [dict(zip(names, row, strict=True)) for row in relation.fetchall()]
