"""Reading published files in tests, and comparing two of them cell by cell."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

AS_OF = "2026-11-01"
BUILD_COLUMNS = frozenset({"built_at", "loaded_at", "last_loaded_at", "last_success_at", "load_id", "run_id"})
"""Columns that tell when and by which run a row was made, not what it says."""
RUN_TABLES = frozenset(
    {
        "publication",
        "publication_tables",
        "fct_kpi_history",
        "fct_source_changes",
        "fct_source_freshness",
        "fct_scorecard_history",
        "fct_target_history",
        "fct_alert_deliveries",
    }
)
"""Tables about runs."""


def environment() -> dict[str, str]:
    """This process's environment without what would point ``sanjeh`` elsewhere."""
    return {key: value for key, value in os.environ.items() if not key.startswith(("DAGSTER", "SANJEH"))}


@dataclass(frozen=True)
class Workspace:
    """A workspace folder and its command line."""

    home: Path

    @property
    def published(self) -> Path:
        """The published file."""
        return self.home / "warehouse" / "published" / "kpi.duckdb"

    def command(self, *arguments: str) -> list[str]:
        """The command line as a list, for subprocess."""
        return [str(Path(sys.executable).with_name("sanjeh")), "--workspace", str(self.home), *arguments]

    def sanjeh(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run ``sanjeh`` and return what it printed; a failure shows its output unless ``check`` is off."""
        done = subprocess.run(
            self.command(*arguments),
            capture_output=True,
            text=True,
            env=environment(),
            check=False,
            timeout=900,
        )
        if check and done.returncode != 0:
            raise AssertionError(
                f"sanjeh {' '.join(arguments)} exited {done.returncode}\n{done.stdout}\n{done.stderr}"
            )
        return done

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """``sanjeh run`` at the fixed clock of the tests."""
        return self.sanjeh("run", "--as-of", AS_OF, *arguments, check=check)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of a query on the published file."""
        with duckdb.connect(str(self.published), read_only=True) as connection:
            return connection.execute(query).fetchall()

    def value(self, query: str) -> Any:
        """The single value of a query on the published file."""
        ((value,),) = self.rows(query)
        return value


def _columns_by_table(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, list[str]]:
    found = connection.execute(
        "select table_name, list(column_name order by column_index) from duckdb_columns() "
        "where database_name = ? and schema_name = 'marts' group by table_name",
        [database],
    )
    return dict(found.fetchall())


def differing_tables(left: Path, right: Path, *, ignore: Sequence[str] = ()) -> dict[str, int]:
    """Rows that differ, by table of schema ``marts``; an empty result means the files say the same.

    Every column is compared exactly, doubles included, but for the columns and tables that describe a run.
    """
    with duckdb.connect() as connection:
        for name, path in (("l", left), ("r", right)):
            connection.execute(f"attach '{path}' as {name} (read_only)")
        tables = {name: _columns_by_table(connection, name) for name in ("l", "r")}
        differing: dict[str, int] = {}
        for table in sorted(tables["l"].keys() | tables["r"].keys()):
            if table in RUN_TABLES or table in ignore:
                continue
            if tables["l"].get(table) != tables["r"].get(table):
                differing[table] = -1
                continue
            columns = ", ".join(f'"{column}"' for column in tables["l"][table] if column not in BUILD_COLUMNS)
            left_rows, right_rows = (f"select {columns} from {name}.marts.{table}" for name in ("l", "r"))
            both = f"({left_rows} except all {right_rows}) union all ({right_rows} except all {left_rows})"
            (count,) = connection.execute(f"select count(*) from ({both})").fetchone() or (0,)
            if count:
                differing[table] = count
        return differing
