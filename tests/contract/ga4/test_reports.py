"""GA4's daily reports: rows, zeros, restatement, paging, and what Google says of their quality."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.contract.desk import NOW
from tests.contract.ga4.conftest import FIRST, SECOND, SHOP, Ga4Desk
from tests.fakes.ga4_data import PageFact, SessionFact

DAYS = 8
"""2 to 9 November: yesterday in Tehran is the 9th."""


def test_rows_land_as_google_gives_them(make_desk: Any, transport: str) -> None:
    desk: Ga4Desk = make_desk(transport)
    desk.land()
    assert desk.read(
        "select date, property_id, channel_group, source, medium, campaign, sessions, engaged_sessions, "
        "engagement_seconds, page_views, active_users, key_events, revenue, currency_code "
        "from raw.ga4__traffic order by date, channel_group"
    ) == [
        (
            *(FIRST, SHOP, "Organic Search", "google", "organic", "پویش میوه‌ها"),
            *(3, 2, 90.5, 6, 2, Decimal("1.5"), Decimal("1580000.5"), "IRR"),
        ),
        (FIRST, SHOP, "Unassigned", *["(not set)"] * 3, 1, 0, 0, 0, 0, 0, 0, "IRR"),
        (SECOND, SHOP, "Direct", "(direct)", "(none)", "(direct)", 5, 0, 0, 0, 2, 0, 0, "IRR"),
    ]
    assert desk.read("select date, sessions, active_users from raw.ga4__totals order by date") == [
        (FIRST, 4, 2),
        (SECOND, 5, 2),
    ]
    assert desk.read("select date, page_path, page_views from raw.ga4__pages") == [(FIRST, "/درباره‌ما", 4)]
    assert desk.read("select date, landing_page, sessions from raw.ga4__landing_pages order by 1, 2") == [
        (FIRST, "/", 1),
        (FIRST, "/خرید", 3),
        (SECOND, "/", 5),
    ]
    assert desk.read("select date, device, sessions from raw.ga4__devices order by 1") == [
        (FIRST, "desktop", 4),
        (SECOND, "mobile", 5),
    ]


def test_an_event_that_did_not_fire_is_zero(make_desk: Any) -> None:
    desk: Ga4Desk = make_desk("rest", "ga4/events")
    desk.land(events=["video_start"])
    counts = dict(
        desk.read("select event_name, list(event_count order by date) from raw.ga4__events group by all")
    )
    silent = [0] * DAYS
    assert counts == {
        "share": [2, *[0] * 7],
        "sign_up": [0, 1, *[0] * 6],
        "generate_lead": silent,
        "purchase": silent,
        "video_start": silent,
    }
    assert desk.read("select landed_rows, count(*) from raw.quality__report_days group by all") == [(5, DAYS)]


def test_an_event_that_is_asked_for_later_is_counted_from_the_beginning(make_desk: Any) -> None:
    desk: Ga4Desk = make_desk("rest", "ga4/events", "ga4/totals")
    desk.land()
    later = NOW + timedelta(days=60)
    desk.api.now = later
    desk.land(at=later)
    landed = desk.land(at=later, events=["scroll"])
    assert desk.read(
        "select date, event_count from raw.ga4__events where event_name = 'scroll' and event_count > 0"
    ) == [(SECOND, 40)]
    assert landed["ga4/events"].changed_slices == DAYS + 60
    assert landed["ga4/totals"].windows == 1


def test_restated_days_change_and_no_others(make_desk: Any) -> None:
    desk: Ga4Desk = make_desk("rest", "ga4/totals")
    desk.land()
    desk.shop.restate(SECOND, [SessionFact(day=SECOND, sessions=6, users=frozenset("ac"))])
    landed = desk.land(at=NOW + timedelta(hours=3))
    assert landed["ga4/totals"].changed_slices == 1
    assert desk.read("select date, sessions, _load_id from raw.ga4__totals order by date") == [
        (FIRST, 4, 1),
        (SECOND, 6, 2),
    ]
    desk.shop.restate(SECOND, [])
    desk.land(at=NOW + timedelta(hours=6))
    assert desk.read("select date from raw.ga4__totals") == [(FIRST,)]


def test_only_days_that_may_still_change_are_asked_again(make_desk: Any) -> None:
    desk: Ga4Desk = make_desk("rest", "ga4/traffic", "ga4/pages")
    desk.land(start=date(2026, 10, 20))
    desk.api.seen.clear()
    desk.land(start=date(2026, 10, 20), at=NOW + timedelta(days=1))
    asked = {name: desk.bodies(name)[0]["dateRanges"] for name in ("sessionCampaignName", "pagePath")}
    assert asked == {
        "sessionCampaignName": [{"startDate": "2026-10-28", "endDate": "2026-11-10"}],
        "pagePath": [{"startDate": "2026-11-04", "endDate": "2026-11-10"}],
    }


def test_after_a_long_silence_days_that_were_young_at_the_last_run_are_asked_again(make_desk: Any) -> None:
    desk: Ga4Desk = make_desk("rest", "ga4/totals")
    desk.land()
    desk.shop.restate(SECOND, [SessionFact(day=SECOND, sessions=6)])
    later = NOW + timedelta(days=40)
    desk.api.now = later
    desk.land(at=later)
    assert desk.read("select date, sessions from raw.ga4__totals order by date") == [(FIRST, 4), (SECOND, 6)]


def test_a_first_load_that_breaks_off_goes_on_where_it_was(make_desk: Any) -> None:
    desk: Ga4Desk = make_desk("rest", "ga4/totals")
    start = date(2026, 8, 1)
    desk.shop.state(SessionFact(day=start + timedelta(days=number)) for number in range(92))
    desk.shop.quota.limits["tokensPerDay"] = 3
    assert "Exhausted property tokens per day" in desk.errors(start=start)["ga4/totals"]
    assert desk.read("select count(*), max(date) from raw.ga4__totals") == [(62, date(2026, 10, 1))]
    desk.shop.quota.next_day()
    desk.api.seen.clear()
    desk.land(start=start)
    assert desk.read("select count(*), max(date) from raw.ga4__totals") == [(94, SECOND)]
    assert [body["dateRanges"][0]["startDate"] for body in desk.bodies("date")] == [
        "2026-10-02",
        "2026-11-02",
    ]


@pytest.mark.parametrize("page_rows", [1, 2, 5, 13])
def test_pages_of_any_size_give_the_same(make_desk: Any, transport: str, page_rows: int) -> None:
    desk: Ga4Desk = make_desk(transport, "ga4/pages")
    desk.shop.state(PageFact(day=FIRST, path=f"/{number}", page_views=number + 1) for number in range(12))
    landed = desk.land(page_rows=page_rows)
    assert landed["ga4/pages"].rows == 13
    assert desk.read("select sum(page_views), count(distinct page_path) from raw.ga4__pages") == [(82, 13)]
    bodies = [body for body in desk.bodies("pagePath") if body["dateRanges"][0]["startDate"] == str(FIRST)]
    assert [int(body.get("offset", 0)) for body in bodies] == list(range(0, 13, page_rows))
    ordered = [[each["dimension"]["dimensionName"] for each in body["orderBys"]] for body in bodies]
    assert ordered == [["date", "pagePath"]] * len(bodies)


def test_rows_that_move_between_pages_are_read_again(make_desk: Any) -> None:
    desk: Ga4Desk = make_desk("rest", "ga4/pages")
    desk.shop.state([PageFact(day=FIRST, path="/z")])
    desk.api.on_page(2, lambda: desk.shop.state([PageFact(day=FIRST, path="/a")]))
    desk.land(page_rows=1)
    assert desk.read("select page_path from raw.ga4__pages order by 1") == [("/a",), ("/z",), ("/درباره‌ما",)]


def test_amounts_come_in_the_currency_that_is_asked_for(make_desk: Any) -> None:
    desk: Ga4Desk = make_desk("rest", "ga4/traffic")
    desk.shop.rates["EUR"] = 0.000_001
    desk.land(currency="EUR")
    assert desk.read("select revenue, currency_code from raw.ga4__traffic where revenue > 0") == [
        (Decimal("1.580001"), "EUR")
    ]


def test_days_end_in_the_zone_of_the_property(make_desk: Any) -> None:
    desk: Ga4Desk = make_desk("rest", "ga4/events")
    desk.shop.time_zone = "Pacific/Auckland"
    desk.land(at=NOW.replace(hour=12))
    assert desk.read("select max(date) from raw.ga4__events") == [(date(2026, 11, 10),)]


def test_check_tells_zone_currency_and_quota(make_desk: Any, transport: str) -> None:
    desk: Ga4Desk = make_desk(transport)
    assert desk.source().check(now=NOW).summary == (
        "GA4 property 211; reads reports; zone Asia/Tehran; currency IRR; "
        "quota 199,999 tokens left today, 39,999 this hour"
    )
    assert len(desk.api.seen) == 2  # a token, and a report
