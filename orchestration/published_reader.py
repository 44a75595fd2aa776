"""Reading the published file: a read-only connection, and one paragraph where that is impossible.

The file is attached to an in-memory connection, so that a version swapped in later is seen by the next
connection and no lock is ever taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from connectors.core.sql import literal
from orchestration.errors import WorkspaceError
from orchestration.workspace import Workspace

Rows = list[dict[str, Any]]
ATTEMPTS = 4
"""Opens of the published file before its refusal is believed."""


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
            _attach(connection, path)
            connection.execute("use kpi")
            yield connection
    except duckdb.Error as error:
        raise WorkspaceError(
            f"The published file {path} can't be read: {str(error).splitlines()[0]} It is of another version "
            "of Sanjeh or damaged: `sanjeh run` publishes anew, `sanjeh rollback` brings the one before back."
        ) from error


def _attach(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Attach ``path`` as ``kpi``; an open that meets the swap may fail, so it is tried again."""
    for _ in range(ATTEMPTS - 1):
        try:
            connection.execute(f"attach {literal(str(path))} as kpi (read_only)")
        except duckdb.IOException:
            continue
        return
    connection.execute(f"attach {literal(str(path))} as kpi (read_only)")


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
