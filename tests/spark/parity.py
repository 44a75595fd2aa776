"""Marts of two builds of the same raw zone, cell by cell.

Everything but 64-bit floats must be the same: texts, days, counts, money. Floats may differ by 1e-12 of
their size, the last bits of a sum in another order. Rows are paired after sorting by all exact columns.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.published_file import mart_tables
from tests.integration.warehouse import BUILD_COLUMNS

RELATIVE = 1e-12
SHOWN = 5
"""Differences of a table that are told."""

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Parity:
    """What was compared, and what differs, as lines for a person.

    Attributes:
        inexact: floats that agree within the tolerance and not to the last bit.
    """

    tables: int
    rows: int
    cells: int
    inexact: int
    differing: list[str]


def compare(duckdb_build: Path, spark_build: Path) -> Parity:
    """Compare schema ``marts`` of two build files; a table, column or row that only one has differs."""
    differing: list[str] = []
    tables = rows = cells = inexact = 0
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        for name, path in (("one", duckdb_build), ("other", spark_build)):
            con.execute(f"attach '{path}' as {name} (read_only)")
        one, other = mart_tables(con, "one"), mart_tables(con, "other")
        for table in sorted(one.keys() | other.keys()):
            if one.get(table) != other.get(table):
                differing.append(f"{table}: columns of DuckDB {one.get(table)}, of Spark {other.get(table)}")
                continue
            columns = {name: type_ for name, type_ in one[table].items() if name not in BUILD_COLUMNS}
            ours, theirs = (_sorted(con, catalog, table, columns) for catalog in ("one", "other"))
            tables, rows, cells = tables + 1, rows + len(ours), cells + len(ours) * len(columns)
            found = list(_unequal(ours, theirs, exact=sum(t != "DOUBLE" for t in columns.values())))
            inexact += sum(each is None for each in found)
            told = [each for each in found if each is not None]
            differing += [f"{table}: {each}" for each in told[:SHOWN]]
            if len(told) > SHOWN:
                differing.append(f"{table}: {len(told) - SHOWN:,} more rows differ")
    return Parity(tables, rows, cells, inexact, differing)


def _sorted(con: duckdb.DuckDBPyConnection, catalog: str, table: str, columns: dict[str, str]) -> list[Row]:
    """Rows, exact columns first, in the order of all columns."""
    names = sorted(columns, key=lambda name: columns[name] == "DOUBLE")
    return con.execute(f"select {', '.join(names)} from {catalog}.marts.{table} order by all").fetchall()


def _unequal(ours: Sequence[Row], theirs: Sequence[Row], *, exact: int) -> Iterator[str | None]:
    """A text per row that differs; None per row whose floats differ within the tolerance."""
    if len(ours) != len(theirs):
        yield f"{len(ours):,} rows on DuckDB, {len(theirs):,} on Spark"
    for one, other in zip(ours, theirs, strict=False):
        if one == other:
            continue
        floats = zip(one[exact:], other[exact:], strict=True)
        if one[:exact] == other[:exact] and all(_close(a, b) for a, b in floats):
            yield None
        else:
            yield f"DuckDB {one}\n    Spark  {other}"


def _close(a: float | None, b: float | None) -> bool:
    if a is None or b is None:
        return a is b
    return math.isclose(a, b, rel_tol=RELATIVE, abs_tol=0)
