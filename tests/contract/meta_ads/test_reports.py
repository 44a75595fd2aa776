"""What lands of insights: exact numbers, absent lists, chosen actions, windows, restated days, zones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from werkzeug import Request, Response

from tests.contract.desk import NOW
from tests.contract.meta_ads.conftest import ACCOUNT, DAY, FIRST, SECOND, MetaDesk, ad_day
from tests.fakes.meta_ads import ACCESS_TOKEN, MetaAdsApi
from tests.fakes.meta_ads_data import AdAccount
from tests.fakes.server import json_response


def test_campaigns_are_meta_s_own_rows_and_exact(make_desk: Any) -> None:
    desk: MetaDesk = make_desk("campaign_performance", conversion_action="lead")
    desk.account.days[0] = replace(desk.account.days[0], spend=Decimal("12345678.123456"))
    desk.land()
    rows = desk.read(
        "select date, campaign_name, cost, impressions, clicks, clicks_all, reach, conversions, conversion_value, "
        "conversion_goal, attribution_setting, currency_code from raw.meta_ads__campaign_performance order by 1"
    )
    said = ("lead", "7d_click,1d_view", "EUR")
    # Reach of a campaign is no sum: the same people see its ads. Nobody's lead on the second day is a zero.
    assert rows == [
        (FIRST, "پاییزه ۱۴۰۵", Decimal("12345678.133456"), 1007, 31, 40, 800, 5, Decimal("99.999999"), *said),
        (SECOND, "پاییزه ۱۴۰۵", Decimal("12.34"), 1000, 31, 40, 800, 0, None, *said),
    ]


def test_ads_have_their_own_reach_and_link_clicks_of_nothing_are_zero(make_desk: Any) -> None:
    desk: MetaDesk = make_desk("ad_performance")
    desk.land()
    rows = desk.read(
        "select ad_name, adset_name, cost, reach, clicks, clicks_all, conversions from raw.meta_ads__ad_performance "
        "where date = '2026-11-02' order by 1"
    )
    assert rows == [
        ("ad 1", "همه", Decimal("12.34"), 800, 31, 40, None),
        ("ad 2", "همه", Decimal("0.01"), 7, 0, 0, None),
    ]


class _WithoutLinkClicks(MetaAdsApi):
    """It calls link clicks by another name, though actions tell of some."""

    def answer(self, request: Request) -> Response:
        response = super().answer(request)
        if not request.path.endswith("/insights"):
            return response
        body = response.get_json()
        for row in body["data"]:
            row.pop("inline_link_clicks", None)
        return json_response(body)


def test_link_clicks_that_vanish_are_no_zero(make_desk: Any) -> None:
    desk: MetaDesk = make_desk("campaign_performance")
    with _WithoutLinkClicks(today=NOW.date()) as other:
        other.accounts = desk.api.accounts
        told = desk.errors(base_url=other.base_url)["meta_ads/campaign_performance"]
    assert told.startswith(
        "Source shop, stream meta_ads/campaign_performance, campaign 120301 on 2026-11-03: "
    )
    assert "inline_link_clicks is missing, though there are clicks on links" in told
    assert desk.read("select * from raw.meta_ads__campaign_performance") == []


def test_actions_land_by_type_and_window_as_meta_tells_them(make_desk: Any) -> None:
    desk: MetaDesk = make_desk("conversions", attribution_windows=["7d_click", "28d_click", "1d_view"])
    desk.account.days[1] = replace(
        desk.account.days[1], actions={"lead": {"28d_click": 2}}, values={"purchase": {"7d_click": 3}}
    )
    desk.land()
    rows = desk.read(
        "select action_type, attribution_window, conversions, conversion_value "
        "from raw.meta_ads__conversions where date = '2026-11-02' order by 1, 2"
    )
    assert rows == [
        ("lead", "1d_view", 1, None),
        ("lead", "28d_click", 2, None),
        ("lead", "7d_click", 4, Decimal("99.999999")),
        ("lead", "total", 5, Decimal("99.999999")),
        ("purchase", "7d_click", None, 3),
        ("purchase", "total", None, 3),
    ]
    asked = desk.asked("GET", "/insights")[0].query
    assert asked["action_attribution_windows"] == '["7d_click","28d_click","1d_view"]'
    assert asked["action_breakdowns"] == '["action_type"]'


def test_chosen_action_types_land_alone(make_desk: Any) -> None:
    desk: MetaDesk = make_desk("conversions", action_types=["link_click"])
    desk.land()
    rows = desk.read(
        "select date, action_type, attribution_window, conversions from raw.meta_ads__conversions"
    )
    assert sorted(rows) == [(SECOND, "link_click", "7d_click", 31), (SECOND, "link_click", "total", 31)]


def test_another_choice_asks_everything_anew(make_desk: Any) -> None:
    desk: MetaDesk = make_desk("campaign_performance")
    days = [SECOND - timedelta(days=40), SECOND]
    desk.account.days = [ad_day(day, actions={"lead": {"7d_click": 2}}) for day in days]
    early = {"start": days[0]}
    desk.land(**early)
    goals = "select date, conversion_goal, conversions from raw.meta_ads__campaign_performance order by 1"
    assert desk.read(goals) == [(days[0], None, None), (days[1], None, None)]
    desk.land(**early, conversion_action="lead", at=NOW + timedelta(hours=1))
    assert desk.read(goals) == [(days[0], "lead", 2), (days[1], "lead", 2)]


def test_a_claim_of_the_evening_of_day_28_is_seen_the_next_morning_and_no_later_one(make_desk: Any) -> None:
    desk: MetaDesk = make_desk("campaign_performance", conversion_action="lead")
    yesterday = NOW.date() - DAY
    oldest, older = yesterday - 28 * DAY, yesterday - 29 * DAY
    desk.account.days = [ad_day(day) for day in (older, oldest, yesterday)]
    desk.land(start=older)
    late = {"lead": {"7d_click": 1}}
    desk.account.days = [ad_day(day, actions=late) for day in (older, oldest, yesterday)]
    desk.api.seen.clear()
    # Yesterday evening was the last at which the oldest could be claimed; the day before it is final.
    outcome = desk.land(start=older, at=NOW + timedelta(hours=3))["meta_ads/campaign_performance"]
    assert desk.questions() == [("page", str(oldest), str(yesterday))]
    assert outcome.changed_slices == 2
    assert desk.read("select date, conversions from raw.meta_ads__campaign_performance order by 1") == [
        (older, 0),
        (oldest, 1),
        (yesterday, 1),
    ]


def test_a_day_is_the_account_s(make_desk: Any, api: MetaAdsApi) -> None:
    api.accounts["2"] = AdAccount(name="Sib", currency="USD", timezone="Asia/Dubai", days=[ad_day(SECOND)])
    # 22:00 in Berlin on the third, and two on the fourth in Dubai.
    at = datetime(2026, 11, 3, 21, tzinfo=UTC)
    berlin: MetaDesk = make_desk("campaign_performance")
    berlin.land(at=at)
    dubai: MetaDesk = make_desk("campaign_performance", account_id="act_2")
    dubai.land(at=at)
    currencies = "select date, currency_code, account_id from raw.meta_ads__campaign_performance"
    assert berlin.read(currencies) == [(FIRST, "EUR", ACCOUNT)]
    assert dubai.read(currencies) == [(SECOND, "USD", "2")]


def test_what_is_older_than_meta_remembers_is_not_asked(make_desk: Any) -> None:
    desk: MetaDesk = make_desk("campaign_performance")
    desk.land(start=date(2015, 1, 1), window_days=93)
    first = min(since for _, since, _ in desk.questions())
    assert date(2023, 10, 10) <= date.fromisoformat(first) <= date(2023, 10, 20)


def test_a_person_s_window_beyond_it_is_told(make_desk: Any) -> None:
    desk: MetaDesk = make_desk("campaign_performance")
    outcome = desk.land(window=(date(2019, 1, 1), date(2019, 1, 2)))["meta_ads/campaign_performance"]
    assert outcome.notes == ("2019-01-01 to 2019-01-02 is outside of what the API can tell",)
    assert desk.questions() == []


def test_pages_go_by_cursor_at_the_configured_address(make_desk: Any) -> None:
    desk: MetaDesk = make_desk("ad_performance", page_size=2)
    desk.account.days = [ad_day(FIRST, number) for number in range(1, 6)]
    desk.land(window=(FIRST, FIRST))
    pages = desk.asked("GET", "/insights")
    assert [page.query.get("after") is not None for page in pages] == [False, True, True]
    assert desk.read("select count(*) from raw.meta_ads__ad_performance") == [(5,)]


class _NoCursor(MetaAdsApi):
    """It names a next page without a cursor; in ``keeps_address`` the address alone has it."""

    keeps_address = True

    def answer(self, request: Request) -> Response:
        response = super().answer(request)
        body = response.get_json()
        if "next" in body.get("paging", {}):
            del body["paging"]["cursors"]
            if not self.keeps_address:
                body["paging"]["next"] = "https://graph.facebook.com/v26.0/next"
        return json_response(body)


@pytest.mark.parametrize("keeps_address", [True, False])
def test_a_next_page_without_a_cursor(make_desk: Any, keeps_address: bool) -> None:
    desk: MetaDesk = make_desk("campaign_performance", page_size=1)
    with _NoCursor(today=NOW.date()) as other:
        other.keeps_address, other.accounts = keeps_address, desk.api.accounts
        other.lies = True
        errors = desk.errors(base_url=other.base_url)
    if keeps_address:
        assert errors == {}
        assert desk.read("select count(*) from raw.meta_ads__campaign_performance") == [(2,)]
    else:
        assert "no cursor that leads to it" in errors["meta_ads/campaign_performance"]


class _Weekly(MetaAdsApi):
    """It forgets ``time_increment``."""

    def answer(self, request: Request) -> Response:
        body = super().answer(request).get_json()
        for row in body.get("data", []):
            row["date_stop"] = "2026-11-08"
        return json_response(body)


def test_a_row_of_several_days_is_refused(make_desk: Any) -> None:
    desk: MetaDesk = make_desk("campaign_performance")
    with _Weekly(today=NOW.date()) as other:
        other.accounts = desk.api.accounts
        told = desk.errors(base_url=other.base_url)["meta_ads/campaign_performance"]
    assert "a row covers 2026-11-02 to 2026-11-08, not a day" in told


def test_the_token_is_in_no_address(make_desk: Any) -> None:
    desk: MetaDesk = make_desk()
    desk.land(page_size=1)
    assert desk.api.seen
    for seen in desk.api.seen:
        assert seen.headers["Authorization"] == f"Bearer {ACCESS_TOKEN}"
        assert ACCESS_TOKEN not in f"{seen.path} {seen.query} {seen.body}"
