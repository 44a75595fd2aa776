"""Published tables beside the KPI facts, row by row with what a brand's story expects of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tests.known_company.brands import BrandStory, stories
from tests.known_company.compare import RELATIVE, Outcome

Row = tuple[object, ...]


@dataclass(frozen=True)
class Table:
    """What a table must hold.

    Attributes:
        name: in schema ``marts``.
        key, columns: expressions; together they are the row.
        rows: values of ``columns`` by those of ``key``.
        where: which of the brand's rows are meant. grouped: ``columns`` are aggregates.
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    rows: Mapping[Row, Row]
    where: str = "true"
    grouped: bool = False


def differences(published: Path, brands: tuple[str, ...]) -> Outcome:
    """Compare the tables of every brand that expects some."""
    compared = 0
    differing: list[str] = []
    with duckdb.connect(str(published), read_only=True) as connection:
        for brand, story in stories(brands).items():
            for table in _tables(story):
                outcome = _compare(connection, brand, table)
                compared += outcome.compared
                differing += outcome.differing
    return Outcome(compared, differing)


def _tables(story: BrandStory) -> list[Table]:
    tell = getattr(story, "tables", None)
    return tell() if tell else []


def _compare(connection: duckdb.DuckDBPyConnection, brand: str, table: Table) -> Outcome:
    group = "group by all" if table.grouped else ""
    query = (
        f"select {', '.join((*table.key, *table.columns))} from marts.{table.name} "
        f"where brand_id = ? and ({table.where}) {group}"
    )
    width = len(table.key)
    rows = [tuple(row) for row in connection.execute(query, [brand]).fetchall()]
    found = {row[:width]: row[width:] for row in rows}
    differing = [] if len(found) == len(rows) else [f"{brand} {table.name}: rows share a key"]
    compared = 0
    for key in sorted(found.keys() | table.rows.keys(), key=repr):
        compared += len(table.columns)
        ours, theirs = table.rows.get(key), found.get(key)
        if ours is None or theirs is None:
            what = "not expected" if ours is None else "missing"
            differing.append(f"{brand} {table.name} {_text(key)}: {what}, {_text(ours or theirs or ())}")
            continue
        for column, left, right in zip(table.columns, ours, theirs, strict=True):
            if not _same(left, right):
                differing.append(f"{brand} {table.name} {_text(key)}: {column} should be {left}, is {right}")
    return Outcome(compared, differing)


def _same(left: object, right: object) -> bool:
    """Exactly, but for what was divided or rooted."""
    if isinstance(left, float) and isinstance(right, float):
        return math.isclose(left, right, rel_tol=RELATIVE, abs_tol=RELATIVE)
    return left == right


def _text(values: Row) -> str:
    return " ".join(str(value) for value in values)
