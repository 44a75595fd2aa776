"""Search Console's reports: rows, pages, caps, days that aren't complete, and restatement."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.contract.desk import NOW
from tests.contract.search_console.conftest import FIRST, SECOND, SITE, SearchDesk
from tests.fakes.search_console_data import SearchFact

_INCOMPLETE_FROM = date(2026, 11, 8)
"""Three days before the server's today have final numbers."""


def _some(day: date, count: int, **more: Any) -> list[SearchFact]:
    return [
        SearchFact(
            day=day,
            query=f"query {number}",
            page=f"https://sib.example/{number}",
            clicks=1 + number % 3,
            **more,
        )
        for number in range(count)
    ]


def test_rows_land_as_google_gives_them(make_desk: Any) -> None:
    desk: SearchDesk = make_desk()
    desk.land()
    assert desk.read(
        "select * exclude (_source, _brand, _slice, _file, _line, _is_deleted, _loaded_at, _load_id) from raw.search_console__totals order by date"
    ) == [
        (FIRST, SITE, 42, 135, pytest.approx((80 * 1.5 + 50 * 7.25 + 5) / 135)),
        (SECOND, SITE, 3, 4, 1.0),
    ]
    measures = "clicks, impressions, position"
    assert desk.read(
        f"select period_start, period_end, site, query, {measures} from raw.search_console__queries order by 1, 4"
    ) == [
        (FIRST, SECOND, SITE, "سیب", 40, 80, 1.5),
        (FIRST, SECOND, SITE, "میوه", 2, 50, 7.25),
        (SECOND, date(2026, 11, 4), SITE, "sib", 3, 4, 1.0),
    ]
    assert desk.read(
        "select period_start, page, clicks, impressions from raw.search_console__pages order by 1, 2"
    ) == [
        (FIRST, "https://sib.example/", 40, 85),
        (FIRST, "https://sib.example/%D9%85", 2, 50),
        (SECOND, "https://sib.example/", 3, 4),
    ]
    assert desk.read(
        "select period_start, period_end, country, impressions from raw.search_console__countries order by 1, 3"
    ) == [
        (FIRST, SECOND, "deu", 50),
        (FIRST, SECOND, "irn", 85),
        (SECOND, date(2026, 11, 4), "irn", 4),
    ]
    assert desk.read(
        "select period_start, device, clicks from raw.search_console__devices order by 1, 2"
    ) == [
        (FIRST, "DESKTOP", 2),
        (FIRST, "MOBILE", 40),
        (SECOND, "MOBILE", 3),
    ]


def test_long_lists_are_asked_day_by_day_and_page_by_page(make_desk: Any) -> None:
    desk: SearchDesk = make_desk("queries", "countries")
    desk.site.restate(SECOND, _some(SECOND, 7))
    desk.land(page_rows=3)
    assert desk.read(
        "select period_start, count(*), sum(clicks) from raw.search_console__queries group by all order by 1"
    ) == [
        (FIRST, 2, 42),
        (SECOND, 7, 13),
    ]
    starts = [body["startRow"] for body in desk.queries("date", "query") if body["startDate"] == str(SECOND)]
    assert starts == [0, 3, 6]
    assert all(body["startDate"] == body["endDate"] for body in desk.queries("date", "query"))
    assert [(body["startDate"], body["endDate"]) for body in desk.queries("date", "country")][:1] == [
        (str(FIRST), "2026-11-06")
    ]


def test_a_last_page_that_is_full_is_followed_by_an_empty_one(make_desk: Any) -> None:
    desk: SearchDesk = make_desk("queries")
    desk.site.restate(SECOND, _some(SECOND, 6))
    desk.land(page_rows=3)
    starts = [body["startRow"] for body in desk.queries("date", "query") if body["startDate"] == str(SECOND)]
    assert starts == [0, 3, 6]
    assert desk.read("select count(*) from raw.search_console__queries") == [(8,)]


def test_a_day_that_reaches_the_cap_of_the_api_says_so(make_desk: Any) -> None:
    desk: SearchDesk = make_desk("queries", "totals")
    desk.api.rows_per_day = 5
    desk.site.restate(SECOND, _some(SECOND, 9))
    desk.land(day_row_cap=5, page_rows=2)
    assert desk.read(
        "select report, date, landed_rows, truncation from raw.quality__report_days where truncation is not null"
    ) == [("search_console/queries", SECOND, 5, "the API gives 5 rows of a day at most")]
    assert desk.read("select sum(clicks) from raw.search_console__totals where date = '2026-11-03'") == [
        (18,)
    ]


def test_days_that_google_still_collects_are_marked(make_desk: Any) -> None:
    desk: SearchDesk = make_desk("totals", "queries")
    for day in (_INCOMPLETE_FROM - timedelta(days=1), _INCOMPLETE_FROM, date(2026, 11, 9)):
        desk.site.state(_some(day, 1))
    desk.land()
    assert desk.read(
        "select report, max(date), min(date) filter (is_incomplete), bool_or(is_incomplete is null) "
        "from raw.quality__report_days group by all order by 1"
    ) == [
        (f"search_console/{name}", date(2026, 11, 9), _INCOMPLETE_FROM, False)
        for name in ("queries", "totals")
    ]
    assert {body["dataState"] for body in desk.queries("date")} == {"all"}


def test_days_without_any_search_are_known_and_empty(make_desk: Any) -> None:
    desk: SearchDesk = make_desk("totals")
    desk.land()
    manifest = desk.zone.manifest(desk.source().streams()[0], "shop")
    assert {day: entry.rows for day, entry in manifest.slices.items()} == {
        "2026-11-02": 1,
        "2026-11-03": 1,
        "2026-11-04": 0,
        "2026-11-05": 0,
        "2026-11-06": 0,
    }


def test_restated_days_change_and_what_vanished_goes(make_desk: Any) -> None:
    desk: SearchDesk = make_desk("queries", "totals")
    desk.land()
    desk.site.restate(SECOND, [SearchFact(day=SECOND, query="sib", clicks=5, impressions=9)])
    desk.site.restate(FIRST, [SearchFact(day=FIRST, query="سیب", clicks=41, impressions=81)])
    landed = desk.land(at=NOW + timedelta(hours=1))
    assert landed["search_console/queries"].changed_slices == 2
    assert desk.read("select query, clicks, _load_id from raw.search_console__queries order by 1") == [
        ("sib", 5, 2),
        ("سیب", 41, 2),
    ]


def test_no_more_is_asked_than_google_remembers(make_desk: Any) -> None:
    desk: SearchDesk = make_desk("countries")
    desk.land(start=date(2020, 1, 1))
    asked = [date.fromisoformat(body["startDate"]) for body in desk.queries("date", "country")]
    assert min(asked) == NOW.date() - timedelta(days=480)
    assert len(asked) == 6


def test_another_property_is_asked_from_the_beginning(make_desk: Any) -> None:
    desk: SearchDesk = make_desk("totals")
    desk.land()
    later = NOW + timedelta(days=60)
    desk.api.today = later.date()
    desk.land(at=later)
    desk.api.sites["https://sib.example/"] = desk.site
    desk.land(at=later, site="https://sib.example/")
    assert desk.read("select distinct site, _load_id from raw.search_console__totals") == [
        ("https://sib.example/", 3)
    ]


def test_a_search_without_queries_lands_what_it_has(make_desk: Any) -> None:
    desk: SearchDesk = make_desk(search_terms=("sib",))
    desk.site.state([SearchFact(day=SECOND, type="discover", page="https://sib.example/a", clicks=2)])
    landed = desk.land(search_type="discover")
    assert [name for name in landed if name != "quality/report_days"] == [
        f"search_console/{name}" for name in ("totals", "pages", "countries", "devices")
    ]
    assert desk.read("select date, clicks from raw.search_console__totals") == [(SECOND, 2)]


def test_check_tells_the_right(make_desk: Any) -> None:
    assert make_desk().source().check(now=NOW).summary == (
        f"Search Console property {SITE}; siteOwner; zone America/Los_Angeles"
    )
