"""Totals, traffic, pages and goals: what lands, imports, channels, pages of answers, limits and refusals."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from werkzeug import Request, Response

from tests.contract.desk import NOW
from tests.contract.plausible.conftest import FIRST, SITE, PlausibleDesk
from tests.fakes.plausible import STATS_KEY, PlausibleApi
from tests.fakes.plausible_data import DIRECT, NOT_SET, Visits
from tests.fakes.server import json_response

SECOND = FIRST + timedelta(days=1)
TRAFFIC = ("time:day", "visit:channel", "visit:source", "visit:utm_medium", "visit:utm_campaign")


def _two_days(desk: PlausibleDesk) -> None:
    mail = {"channel": "Email", "source": "newsletter", "medium": "email", "campaign": "پویش ۱"}
    desk.site.facts = [
        Visits(
            day=FIRST, visitors=frozenset({1, 2}), visits=3, bounces=1, seconds=100, pages={"/": 3, "/ب": 2}
        ),
        Visits(day=FIRST, visitors=frozenset({2, 3}), visits=2, goals={"Signup": 1}, **mail),
        Visits(day=SECOND, visitors=frozenset({1}), goals={"Signup": 2, "خرید": 1}),
    ]


def test_numbers_are_those_of_the_site(desk: PlausibleDesk) -> None:
    _two_days(desk)
    desk.land()
    told = "date, site_id, visitors, visits, pageviews, bounce_rate, visit_duration, imports_included"
    assert desk.read(f"select {told} from raw.plausible__totals order by 1") == [
        (FIRST, SITE, 3, 5, 6, 20, 32, None),
        (SECOND, SITE, 1, 1, 1, 0, 60, None),
    ]
    told = "date, channel, source, utm_medium, utm_campaign, visitors, visits, pageviews"
    assert desk.read(f"select {told} from raw.plausible__traffic order by 1, 2") == [
        (FIRST, "Direct", DIRECT, NOT_SET, NOT_SET, 2, 3, 5),
        (FIRST, "Email", "newsletter", "email", "پویش ۱", 2, 2, 1),
        (SECOND, "Direct", DIRECT, NOT_SET, NOT_SET, 1, 1, 1),
    ]
    assert desk.read("select date, page, visitors, pageviews from raw.plausible__pages order by 1, 2") == [
        (FIRST, "/", 3, 4),
        (FIRST, "/ب", 2, 2),
        (SECOND, "/", 1, 1),
    ]
    assert desk.read("select date, goal, visitors, events from raw.plausible__goals order by 1, 2") == [
        (FIRST, "Signup", 2, 1),
        (SECOND, "Signup", 1, 2),
        (SECOND, "خرید", 1, 1),
    ]


def test_a_day_without_a_visit_is_known_and_empty(desk: PlausibleDesk) -> None:
    _two_days(desk)
    desk.land()
    slices = {row.slice: row.rows for row in desk.zone.slices() if row.stream == "totals"}
    assert (slices[str(SECOND)], slices["2026-11-04"], max(slices)) == (1, 0, "2026-11-09")


def test_the_last_five_days_are_asked_again(desk: PlausibleDesk) -> None:
    _two_days(desk)
    desk.land()
    desk.api.seen.clear()
    desk.site.facts.append(Visits(day=date(2026, 11, 6), visitors=frozenset({9})))
    landed = desk.land(at=NOW + timedelta(days=1))
    assert [asked["date_range"] for asked in desk.asked(*TRAFFIC)] == [["2026-11-06", "2026-11-10"]]
    assert landed["plausible/totals"].rows == 1


def test_pages_come_in_a_whole_order_until_the_total_is_there(desk: PlausibleDesk) -> None:
    desk.site.facts = [
        Visits(day=FIRST, visitors=frozenset({number}), campaign=f"c{number:02}") for number in range(12)
    ]
    desk.land(page_size=5)
    asked = desk.asked(*TRAFFIC)
    assert [each["pagination"] for each in asked] == [{"limit": 5, "offset": place} for place in (0, 5, 10)]
    assert asked[0]["order_by"] == [[name, "asc"] for name in TRAFFIC]
    assert desk.read("select count(distinct utm_campaign) from raw.plausible__traffic") == [(12,)]


def test_a_row_that_goes_between_pages_is_noticed_by_the_total(desk: PlausibleDesk) -> None:
    desk.site.facts = [
        Visits(day=FIRST, visitors=frozenset({number}), campaign=f"c{number:02}") for number in range(12)
    ]
    desk.api.on_request(
        2, lambda: desk.site.facts.pop(0), matches=lambda asked: asked.get_json()["dimensions"] == [*TRAFFIC]
    )
    desk.land(page_size=5)
    assert desk.read("select count(*) from raw.plausible__traffic") == [(11,)]
    assert len(desk.asked(*TRAFFIC)) == 2 + 3


def test_imports_are_asked_for_only_if_wanted_and_told_where_left_out(desk: PlausibleDesk) -> None:
    _two_days(desk)
    desk.site.imported = [Visits(day=SECOND, visitors=frozenset({50}), visits=7)]
    desk.land()
    visits = "select sum(visits), bool_and(imports_included) from raw.plausible__{}"
    assert desk.read(visits.format("totals")) == [(6, None)]
    assert "imports" not in desk.asked("time:day")[0]["include"]  # type: ignore[operator]

    desk.land(imports=True)
    assert desk.read(visits.format("totals")) == [(13, True)]
    assert desk.read(visits.format("traffic")) == [(6, False)]
    left_out = desk.read(
        "select report, count(*) from raw.quality__report_days where truncation like 'Imported stats%' group by 1"
    )
    assert left_out == [("plausible/traffic", 8)]


def test_a_site_without_imports_is_not_marked_as_cut(desk: PlausibleDesk) -> None:
    _two_days(desk)
    desk.land(imports=True)
    assert desk.read("select count(*), count(truncation) from raw.quality__report_days")[0][1] == 0


def test_channels_can_be_left_out_for_older_servers(desk: PlausibleDesk) -> None:
    _two_days(desk)
    desk.api.knows_channels = False
    assert "the request is refused" in desk.errors()["plausible/traffic"]
    desk.land(channels=False)
    assert desk.read("select count(*), count(channel) from raw.plausible__traffic") == [(3, 0)]
    desk.api.knows_channels = True
    desk.land()
    assert desk.read("select count(*), count(channel) from raw.plausible__traffic") == [(3, 3)]


def test_no_more_calls_are_made_than_an_hour_allows(desk: PlausibleDesk) -> None:
    _two_days(desk)
    desk.api.hourly_limit = 5
    desk.api.clock = desk.time.clock.monotonic
    desk.land(calls_per_hour=5)
    assert {seen.status for seen in desk.api.seen} == {200}
    assert len(desk.api.seen) > 5
    assert max(desk.time.waits) > 3000


def test_a_used_up_hour_is_waited_out(desk: PlausibleDesk) -> None:
    _two_days(desk)
    desk.api.hourly_limit = 5
    desk.api.clock = desk.time.clock.monotonic
    desk.land(parallel=1)
    assert 429 in {seen.status for seen in desk.api.seen}
    assert set(desk.time.waits) == {720.0}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"site_id": "other.example"}, "Invalid API key or site ID"),
        ({"key_env": "OTHER_KEY"}, "Invalid API key or site ID"),
    ],
)
def test_a_wrong_site_and_a_wrong_key_look_the_same(
    desk: PlausibleDesk, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, Any], told: str
) -> None:
    monkeypatch.setenv("OTHER_KEY", "a key that was revoked")
    said = desk.errors(**wrong)["plausible/totals"]
    assert "the credentials are refused" in said
    assert told in said
    assert "a key that was revoked" not in said


def test_an_account_without_a_plan_lacks_a_right(desk: PlausibleDesk) -> None:
    desk.api.locked = True
    said = desk.errors()["plausible/totals"]
    assert "have no right to this" in said
    assert "does not have access to Stats API" in said


class _Unproven(PlausibleApi):
    """An old server, which doesn't tell the total."""

    def answer(self, request: Request) -> Response:
        body = super().answer(request).get_json()
        return json_response(body | {"meta": {}})


def test_an_answer_without_a_total_is_refused(desk: PlausibleDesk) -> None:
    with _Unproven() as old:
        old.sites = desk.api.sites
        said = desk.errors(base_url=old.base_url)["plausible/totals"]
    assert "A server of one's own may be too old" in said
    assert "Nothing was stored" in said


def test_check_tells_the_site_and_whether_its_days_are_others(desk: PlausibleDesk) -> None:
    told = desk.source().check(now=NOW)
    assert told.summary == (
        "Plausible site shop.example at 127.0.0.1; reads statistics; quota 600 calls an hour, those of other programs "
        "included"
    )
    assert (told.notes, len(desk.api.seen)) == ((), 1)
    desk.site.time_zone = "Europe/Berlin"
    (note,) = desk.source().check(now=NOW).notes
    assert "begin at 00:00 +0100, those of Asia/Tehran at 00:00 +0330" in note
    assert desk.source(timezone="Europe/Berlin").check(now=NOW).notes == ()


def test_the_key_is_told_nobody(desk: PlausibleDesk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    desk.api.key = "another"
    assert STATS_KEY not in f"{desk.errors()} {caplog.text} {desk.source().check(now=NOW)}"


def test_windows_follow_each_other_without_a_gap(desk: PlausibleDesk) -> None:
    desk.land(start="2026-07-01")
    windows = sorted(tuple(map(date.fromisoformat, asked["date_range"])) for asked in desk.asked(*TRAFFIC))  # type: ignore[call-overload]
    assert (windows[0][0], windows[-1][1]) == (date(2026, 7, 1), date(2026, 11, 9))
    assert all(last + timedelta(days=1) == first for (_, last), (first, _) in pairwise(windows))
