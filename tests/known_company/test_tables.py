"""The comparison of tables sees what differs."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.known_company import tables
from tests.known_company.compare import Outcome
from tests.known_company.tables import Table

TABLE = Table("t", ("id",), ("amount", "day"), {("a",): (1, None), ("b",): (2, "x")}, where="id <> 'ignored'")


class Story:
    """A brand that expects one table."""

    @staticmethod
    def tables() -> list[Table]:
        """The table."""
        return [TABLE]


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A published file that holds what is expected, and more of another brand."""
    path = tmp_path / "kpi.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "create schema marts; create table marts.t as select * from (values ('me', 'a', 1, null), "
            "('me', 'b', 2, 'x'), ('me', 'ignored', 9, 'z'), ('you', 'a', 7, 'y')) t(brand_id, id, amount, day)"
        )
    monkeypatch.setattr(tables, "stories", lambda _: {"me": Story()})
    return path


def test_equal_tables_are_counted_by_cell(published: Path) -> None:
    assert tables.differences(published, ("me",)) == Outcome(4, [])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("update marts.t set amount = 3 where id = 'b'", "me t b: amount should be 2, is 3"),
        ("update marts.t set day = 'new' where id = 'a'", "me t a: day should be None, is new"),
        ("delete from marts.t where id = 'a' and brand_id = 'me'", "me t a: missing, 1 None"),
        ("insert into marts.t values ('me', 'c', 1, null)", "me t c: not expected, 1 None"),
        ("insert into marts.t values ('me', 'a', 1, null)", "me t: rows share a key"),
    ],
)
def test_difference_is_told(published: Path, change: str, said: str) -> None:
    with duckdb.connect(str(published)) as connection:
        connection.execute(change)

    assert tables.differences(published, ("me",)).differing == [said]
