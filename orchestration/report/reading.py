"""The published file as the facts of a report read it.

A table that this version of the file lacks (it may be older than the program) has no rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from orchestration.period_text import fact_of
from orchestration.published_reader import Rows, rows_of

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Published:
    """The published file, with the tables it has."""

    con: duckdb.DuckDBPyConnection
    tables: frozenset[str]

    @classmethod
    def of(cls, con: duckdb.DuckDBPyConnection) -> Published:
        """Look at what the file holds."""
        found = con.execute("select table_name from duckdb_tables() where schema_name = 'marts'").fetchall()
        return cls(con=con, tables=frozenset(name for (name,) in found))

    def rows(self, table: str, sql: str, **parameters: object) -> Rows:
        """Rows of a query over ``table``; none where the file lacks it."""
        return rows_of(self.con, sql, parameters) if table in self.tables else []

    def brands(self) -> Rows:
        """Rows of ``dim_brand`` by name."""
        return self.rows("dim_brand", "select * from marts.dim_brand order by name, brand_id")


def plain(row: Row) -> dict[str, Any]:
    """A KPI row with its decimals as floats: they are shown, not reckoned with."""
    return {
        name: float(value) if name in {"numerator", "denominator"} and value is not None else value
        for name, value in row.items()
    }


def kpi_table(grain: str) -> str:
    """The KPI table of a grain, without its schema."""
    return fact_of(grain).removeprefix("marts.")
