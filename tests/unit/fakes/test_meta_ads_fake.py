"""The Meta Ads server: how it writes numbers, pages and jobs, what it refuses, and the demo's account."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import requests

from tests.fakes.demo_meta_ads import ACCOUNT_ID, fill_meta_ads
from tests.fakes.faults import Fault
from tests.fakes.meta_ads import ACCESS_TOKEN, MetaAdsApi
from tests.fakes.meta_ads_data import AdAccount, AdDay

TODAY = date(2026, 11, 10)
DAY = date(2026, 11, 2)
INSIGHTS = "/v26.0/act_7/insights"


def _ad(number: int, **facts: Any) -> AdDay:
    return AdDay(day=DAY, campaign=("1", "پاییز"), adset=("2", "all"), ad=(f"3{number}", "ad"), **facts)


@pytest.fixture
def api() -> Iterator[MetaAdsApi]:
    """Account 7 with two ads of one campaign on one day."""
    with MetaAdsApi(today=TODAY) as server:
        windows = {"7d_click": 4, "1d_view": 1, "28d_click": 6, "28d_view": 9}
        server.accounts["7"] = AdAccount(
            name="Shop",
            days=[
                _ad(1, spend=Decimal("1.10"), impressions=100, reach=80, clicks=9, actions={"lead": windows}),
                _ad(2, spend=Decimal("2.20"), impressions=50, reach=50, clicks=1, link_clicks=1),
            ],
        )
        yield server


def _get(
    api: MetaAdsApi, path: str = INSIGHTS, *, token: str = ACCESS_TOKEN, **asked: str
) -> requests.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return requests.get(api.base_url + path, params=asked, headers=headers, timeout=30)


def _question(level: str = "campaign", since: date = DAY, **more: str) -> dict[str, str]:
    days = json.dumps({"since": str(since), "until": str(max(since, DAY))})
    fields = "campaign_name,spend,impressions,reach,clicks,inline_link_clicks,actions,action_values"
    return {"level": level, "time_increment": "1", "time_range": days, "fields": fields, **more}


def test_numbers_are_text_and_nothing_is_absent(api: MetaAdsApi) -> None:
    (row,) = _get(api, **_question()).json()["data"]
    assert row == {
        "campaign_name": "پاییز",
        "spend": "3.30",
        "impressions": "150",
        "reach": "80",
        "clicks": "10",
        "inline_link_clicks": "1",
        "actions": [{"action_type": "lead", "value": "5"}],
        "date_start": "2026-11-02",
        "date_stop": "2026-11-02",
    }
    dearest, other = _get(api, **_question("ad")).json()["data"]
    assert "actions" not in dearest
    assert "inline_link_clicks" not in other


def test_without_an_increment_days_are_summed(api: MetaAdsApi) -> None:
    asked = _question("account", since=DAY - timedelta(days=6))
    del asked["time_increment"]
    (row,) = _get(api, **asked).json()["data"]
    assert (row["spend"], row["date_start"], row["date_stop"]) == ("3.30", "2026-10-27", "2026-11-02")


def test_windows_stand_beside_the_default_and_those_that_stopped_tell_nothing(api: MetaAdsApi) -> None:
    windows = json.dumps(["28d_click", "1d_click", "28d_view", "7d_view"])
    (row,) = _get(api, **_question(action_attribution_windows=windows)).json()["data"]
    assert row["actions"] == [{"action_type": "lead", "value": "5", "28d_click": "6"}]


def test_pages_name_the_next_at_meta_s_host_with_the_token(api: MetaAdsApi) -> None:
    first = _get(api, **_question("ad", limit="1")).json()
    assert first["paging"]["next"].startswith(
        "https://graph.facebook.com/v26.0/act_7/insights?access_token=EAAB"
    )
    last = _get(api, **_question("ad", limit="1", after=first["paging"]["cursors"]["after"])).json()
    assert (len(last["data"]), "next" in last["paging"]) == (1, False)
    assert _get(api, **_question(since=date(2026, 11, 2) + timedelta(days=5))).json() == {"data": []}
    assert api.violations == []


def test_jobs_are_polled_and_their_rows_stay(api: MetaAdsApi) -> None:
    headers = {"Authorization": f"Bearer {ACCESS_TOKEN}"}
    api.polls = 4
    started = requests.post(api.base_url + INSIGHTS, data=_question("ad"), headers=headers, timeout=30)
    run = f"/v26.0/{started.json()['report_run_id']}"
    early = _get(api, f"{run}/insights")
    assert (early.status_code, early.json()["error"]["code"]) == (400, 2601)
    states = [_get(api, run).json() for _ in range(6)]
    assert [(each["async_status"], each["async_percent_completion"]) for each in states] == [
        ("Job Not Started", 0),
        ("Job Started", 0),
        ("Job Running", 42),
        ("Job Running", 100),
        ("Job Completed", 100),
        ("Job Completed", 100),
    ]
    api.accounts["7"].days.clear()
    assert len(_get(api, f"{run}/insights", limit="10").json()["data"]) == 2
    assert api.violations == []


@pytest.mark.parametrize(
    ("path", "asked", "code"),
    [
        (INSIGHTS, _question(access_token=ACCESS_TOKEN), 100),
        (INSIGHTS, _question("galaxy"), 100),
        (INSIGHTS, _question(fields="spend,mood"), 100),
        (INSIGHTS, _question(time_range="yesterday"), 100),
        (INSIGHTS, _question(time_range='{"since":"2026-11-03","until":"2026-11-02"}'), 100),
        (INSIGHTS, _question(limit="0"), 100),
        (INSIGHTS, _question(after="!"), 100),
        (INSIGHTS, _question(since=date(2023, 10, 9)), 3018),
        ("/v26.0/act_8/insights", _question(), 100),
        ("/v26.0/6023", {}, 100),
        ("/v26.0/act_7", {"fields": "mood"}, 100),
        ("/v12.0/act_7", {}, 2500),
        ("/me", {}, 2500),
    ],
)
def test_wrong_requests_are_refused_with_400(
    api: MetaAdsApi, path: str, asked: dict[str, str], code: int
) -> None:
    found = _get(api, path, **asked)
    assert (found.status_code, found.json()["error"]["code"]) == (400, code)


def test_a_token_must_be_right_and_is_known_by_the_header_alone(api: MetaAdsApi) -> None:
    refused = _get(api, token="EAAB-other", **_question())  # noqa: S106 - of nobody
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, 190)
    _get(api, **_question(access_token=ACCESS_TOKEN))
    assert any("undeclared parameters ['access_token']" in each for each in api.violations)


def test_limits_tell_minutes_in_json_in_a_header(api: MetaAdsApi) -> None:
    api.throttled_for = 4
    api.order(Fault.THROTTLED)
    found = _get(api, **_question())
    (case,) = json.loads(found.headers["X-Business-Use-Case-Usage"])["9"]
    assert (found.status_code, case["type"], case["estimated_time_to_regain_access"]) == (
        400,
        "ads_insights",
        4,
    )


def test_the_demo_restates_what_came_in_late_and_nothing_else() -> None:
    def days(last: date, count: int) -> dict[tuple[date, str], AdDay]:
        server = MetaAdsApi(today=last)
        fill_meta_ads(server, last, days=count)
        return {(each.day, each.ad[0]): each for each in server.accounts[ACCOUNT_ID].days}

    before, after = days(TODAY, 60), days(TODAY + timedelta(days=1), 61)
    changed = {key: (day, after[key]) for key, day in before.items() if after[key] != day}
    assert {day for day, _ in changed} <= {TODAY - timedelta(days=age) for age in range(28)}
    assert changed
    for old, new in changed.values():
        assert (old.spend, old.clicks, old.impressions) == (new.spend, new.clicks, new.impressions)
        assert sum(sum(each.values()) for each in old.actions.values()) < sum(
            sum(each.values()) for each in new.actions.values()
        )
