"""A large detail table that lies day by day is copied as it is; any other is sorted for its readers."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from orchestration import published_file as file

ROWS = 40_000
"""With the smallest row groups there are: enough of them."""


def built(path: Path, order: str) -> None:
    with duckdb.connect() as con:
        con.execute(f"attach '{path}' as made (row_group_size 2048)")
        con.execute("create schema made.marts")
        con.execute(
            "create table made.marts.fct_sessions as select concat('brand_', n % 3) as brand_id, "
            f"date '2024-01-01' + cast(n // 100 as integer) as session_date, n from range({ROWS}) as r(n) "
            f"order by {order}"
        )


def copied(tmp_path: Path, order: str) -> list[tuple[object, ...]]:
    built(tmp_path / "build.duckdb", order)
    with file.memory_connection(tmp_path) as con:
        file.attach(con, tmp_path / "build.duckdb", "build")
        with file.new_file(con, tmp_path / "new.duckdb"):
            file.copy_table(con, "fct_sessions", file.mart_tables(con, "build")["fct_sessions"])
            return con.execute("select brand_id, session_date, n from target.marts.fct_sessions").fetchall()


def test_sessions_in_the_order_of_their_days_stay_in_it(tmp_path: Path) -> None:
    rows = copied(tmp_path, "n")
    assert [row[2] for row in rows] == list(range(ROWS))


@pytest.mark.parametrize("order", ["hash(n)"])
def test_sessions_in_no_order_are_sorted_by_brand_and_day(tmp_path: Path, order: str) -> None:
    rows = copied(tmp_path, order)
    assert len(rows) == ROWS
    assert [row[:2] for row in rows] == sorted(row[:2] for row in rows)
