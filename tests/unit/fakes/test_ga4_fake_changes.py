"""Pages of the GA4 server, and data that change: between pages, between runs, with the day."""

from __future__ import annotations

from datetime import timedelta

from tests.fakes.ga4 import Ga4Api
from tests.fakes.ga4_data import EventFact, Property, SessionFact
from tests.unit.fakes.conftest import MONDAY, NOW, TUESDAY, Post, named, rows_in


def test_pages_follow_each_other_and_row_count_tells_of_all(ga4: Ga4Api, shop: Property, post: Post) -> None:
    ga4.checks_contract = False  # of 10,000 rows it takes seconds
    assert ga4.most_rows == 250_000
    ga4.most_rows = 10_002
    shop.state(EventFact(day=MONDAY, name=f"event_{number:05}") for number in range(10_005))
    asked = {"dimensions": named("eventName"), "metrics": named("eventCount")}
    sizes = {}
    for limit, offset in ((None, 0), (0, 0), ("999999", 0), (10_000, 10_000), (10, 90_000)):
        report = post(**asked, **({} if limit is None else {"limit": limit}), offset=str(offset)).json()
        sizes[limit, offset] = len(report.get("rows", []))
        assert report["rowCount"] == 10_007
    assert sizes == {
        (None, 0): 10_000,
        (0, 0): 10_000,
        ("999999", 0): 10_002,
        (10_000, 10_000): 7,
        (10, 90_000): 0,
    }


def test_a_row_that_comes_between_pages_moves_the_rest(ga4: Ga4Api, shop: Property, post: Post) -> None:
    ga4.on_page(2, lambda: shop.state([SessionFact(day=MONDAY, source="a new one")]))
    order = [{"dimension": {"dimensionName": "sessionSource"}}]
    asked = {
        "dimensions": named("sessionSource"),
        "metrics": named("sessions"),
        "orderBys": order,
        "limit": 2,
    }
    first, second = (post(**asked, offset=offset).json() for offset in (0, 2))
    assert [row[0] for row in rows_in(first) + rows_in(second)] == [
        "(direct)",
        "(not set)",
        "a new one",
        "google",
    ]
    assert (first["rowCount"], second["rowCount"]) == (3, 4)


def test_restated_days_answer_differently(shop: Property, post: Post) -> None:
    asked = {"dimensions": named("date"), "metrics": named("sessions")}
    assert rows_in(post(**asked).json()) == [["20261103", "5"], ["20261102", "4"]]
    shop.restate(TUESDAY, [SessionFact(day=TUESDAY, sessions=8)])
    assert rows_in(post(**asked).json()) == [["20261103", "8"], ["20261102", "4"]]


def test_days_after_today_are_not_visible(ga4: Ga4Api, shop: Property, post: Post) -> None:
    """Noon in London on the 10th is the 10th in Tehran; 21 o'clock is the 11th."""
    shop.state([SessionFact(day=MONDAY + timedelta(days=9), sessions=2)])
    asked = {
        "metrics": named("sessions"),
        "dateRanges": [{"startDate": "yesterday", "endDate": "2026-12-01"}],
    }
    assert rows_in(post(**asked).json()) == []
    ga4.now = NOW.replace(hour=21)
    assert rows_in(post(**asked).json()) == [["2"]]
