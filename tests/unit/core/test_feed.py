"""Rows become columns; a name that no row has is a column that isn't supplied."""

from __future__ import annotations

from connectors.core.feed import Batch, streams_of
from tests.unit.core.toy_connector import CONTACTS, MARKS, NOTES, USERS, VISITS, Config, feeds


def test_rows_of_the_same_names_become_columns() -> None:
    batch = Batch.of_rows(VISITS, [{"page": "a", "visits": 1}, {"page": "b", "visits": None}])
    assert batch.columns == {"page": ["a", "b"], "visits": [1, None]}
    assert len(batch) == 2


def test_a_name_that_only_some_rows_have_is_null_in_the_others() -> None:
    batch = Batch.of_rows(VISITS, [{"page": "a"}, {"visits": 2, "page": "b"}, {}])
    assert batch.columns == {"page": ["a", "b", None], "visits": [None, 2, None]}


def test_no_rows_supply_no_column() -> None:
    assert Batch.of_rows(VISITS, []).columns == {}
    assert len(Batch.of_rows(VISITS, [])) == 0


def test_streams_are_those_of_all_feeds_and_what_comes_beside_once() -> None:
    config = Config(base_url="http://127.0.0.1:1", has_marks=True, has_notes=True)
    assert streams_of([*feeds(config), *feeds(config)]) == (VISITS, MARKS, USERS, CONTACTS, NOTES)
