"""Rejected rows are kept with a reason, and never with the value itself."""

from __future__ import annotations

from pathlib import Path

import duckdb

from connectors.core.rejects import Reject, mask, mask_sql, write_rejects

_VALUES = ["Ann@x.example 09-12", "۱۴۰۵/۰۸", "بد", "", "a" * 100]


def _reject(line: int) -> Reject:
    return Reject(file="a.csv", line=line, column_name="price", reason="not a number", value="12 Toman")


def test_the_mask_keeps_length_and_kinds_of_signs() -> None:
    assert [mask(value) for value in _VALUES] == ["xxx@x.xxxxxxx 99-99", "9999/99", "xx", "", "x" * 60]


def test_the_mask_is_the_same_in_sql() -> None:
    con = duckdb.connect()
    for value in _VALUES:
        sql = f"select {mask_sql('x')} from (select cast(? as varchar) as x)"
        assert con.execute(sql, [value]).fetchall() == [(mask(value),)]


def test_rejects_of_a_load_are_one_file_that_a_repeat_replaces(tmp_path: Path) -> None:
    assert write_rejects(tmp_path, load_id=3, rejects=[]) is None
    write_rejects(tmp_path, load_id=3, rejects=[_reject(1), _reject(2)])
    path = write_rejects(tmp_path, load_id=3, rejects=[_reject(4)])
    assert path is not None
    assert [each.name for each in path.parent.iterdir()] == ["3.parquet"]
    rows = duckdb.connect().execute(f"select * from '{path}'").fetchall()
    assert rows == [("a.csv", 4, "price", "not a number", "99 xxxxx")]
