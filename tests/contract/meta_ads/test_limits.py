"""Meta's allowances: slowed down before they are used up, waited for where they are, told where that takes too long."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from werkzeug import Request, Response

from connectors.meta_ads.throttle import Usage, usage_of
from tests.contract.desk import NOW
from tests.contract.meta_ads.conftest import MetaDesk
from tests.fakes.faults import Fault
from tests.fakes.meta_ads import MetaAdsApi, refusal

THROTTLE, ACCOUNT, APP, BUSINESS = (
    "X-FB-Ads-Insights-Throttle",
    "X-Ad-Account-Usage",
    "X-App-Usage",
    "X-Business-Use-Case-Usage",
)
CASE = {"type": "ads_insights", "call_count": 88, "total_cputime": 23, "total_time": 20}


@pytest.mark.parametrize(
    ("headers", "usage"),
    [
        ({}, Usage()),
        ({THROTTLE: {"app_id_util_pct": 12.5, "acc_id_util_pct": 40}}, Usage(percent=40)),
        ({ACCOUNT: {"acc_id_util_pct": 9.67, "reset_time_duration": 100}}, Usage(percent=9.67)),
        (
            {ACCOUNT: {"acc_id_util_pct": 100, "reset_time_duration": 100}},
            Usage(percent=100, regained_after=100),
        ),
        ({APP: {"call_count": 28, "total_time": 80, "total_cputime": 25}}, Usage(percent=80)),
        (
            {
                BUSINESS: {
                    "9": [CASE | {"estimated_time_to_regain_access": 4}],
                    "8": [CASE | {"call_count": 3}],
                }
            },
            Usage(percent=88, regained_after=240),
        ),
        ({BUSINESS: {"9": [CASE | {"estimated_time_to_regain_access": 0}]}}, Usage(percent=88)),
        ({BUSINESS: {"9": "none", "8": ["none"]}, APP: [1], THROTTLE: {"acc_id_util_pct": "40"}}, Usage()),
    ],
)
def test_headers_are_read_whatever_they_hold(headers: dict[str, Any], usage: Usage) -> None:
    assert usage_of({name: json.dumps(content) for name, content in headers.items()}) == usage


def test_a_header_that_is_no_json_tells_nothing() -> None:
    assert usage_of({THROTTLE: "{'acc_id_util_pct': 99}"}) == Usage()


@pytest.mark.parametrize(
    ("percent", "pauses"), [(74.9, []), (75.0, [5.0, 5.0]), (87.5, [32.5, 32.5]), (100.0, [60.0, 60.0])]
)
def test_calls_are_spaced_from_75_percent_on(make_desk: Any, percent: float, pauses: list[float]) -> None:
    desk: MetaDesk = make_desk("campaign_performance")
    desk.api.usage = {THROTTLE: {"app_id_util_pct": 1, "acc_id_util_pct": percent}}
    desk.land(page_size=1)
    # Three calls: the account, two pages; each waits for what the one before told.
    assert desk.time.waits == pytest.approx(pauses)


@pytest.mark.parametrize(("seconds", "wait"), [(100, 100), (7200, 60)])
def test_an_allowance_that_is_used_up_is_waited_for_if_a_run_waits_so_long(
    make_desk: Any, seconds: int, wait: int
) -> None:
    desk: MetaDesk = make_desk("campaign_performance")
    desk.api.usage = {ACCOUNT: {"acc_id_util_pct": 100, "reset_time_duration": seconds}}
    desk.land()
    assert desk.time.waits == [wait]


def test_where_to_slow_down_is_a_key(make_desk: Any) -> None:
    desk: MetaDesk = make_desk("campaign_performance", slow_down_at=50)
    desk.api.usage = {APP: {"call_count": 75}}
    desk.land(page_size=1)
    assert desk.time.waits == pytest.approx([32.5, 32.5])


def test_a_limit_is_waited_out_for_the_minutes_that_meta_tells(make_desk: Any) -> None:
    desk: MetaDesk = make_desk("campaign_performance")
    desk.api.throttled_for = 4
    desk.api.order(Fault.THROTTLED, after=1, times=2)
    desk.land()
    assert desk.time.waits == [240, 240]


def test_without_minutes_it_is_one(make_desk: Any) -> None:
    desk: MetaDesk = make_desk("campaign_performance")
    desk.api.order(Fault.THROTTLED, after=1, times=2)
    desk.land()
    assert desk.time.waits == [60, 60]


def test_retry_after_goes_first(make_desk: Any) -> None:
    desk: MetaDesk = make_desk("campaign_performance")
    desk.api.throttled_for = 4
    desk.api.order(Fault.THROTTLED_WITH_RETRY_AFTER, after=1)
    desk.land()
    assert desk.time.waits == [2]


def test_a_wait_of_hours_ends_the_source_and_the_next_run_goes_on(make_desk: Any) -> None:
    desk: MetaDesk = make_desk("campaign_performance", "conversions", parallel=1)
    desk.api.order(Fault.QUOTA_EXHAUSTED, after=2, times=100)
    errors = desk.errors()
    told = errors["meta_ads/conversions"]
    assert "the vendor asks to wait 14,400 s" in told
    assert "meta_ads/campaign_performance" not in errors
    desk.api.forgive()
    desk.land(at=NOW + timedelta(hours=4))
    assert desk.read("select count(*) from raw.meta_ads__conversions") == [(5,)]


class _Refusing(MetaAdsApi):
    """It answers the next question for insights with an error, once."""

    error: Response | None = None

    def answer(self, request: Request) -> Response:
        if self.error is not None and request.path.endswith("/insights"):
            found, self.error = self.error, None
            return found
        return super().answer(request)


@pytest.mark.parametrize(
    ("code", "subcode", "status"),
    [
        *((code, 0, 400) for code in (1, 2, 4, 17, 32, 341, 613, 80000, 80004)),
        *((100, subcode, 400) for subcode in (1504022, 1504039, 1504043)),
        (4, 1504022, 403),
        (2, 0, 200),
        (9999, 0, 500),
    ],
)
def test_what_passes_is_tried_again(make_desk: Any, code: int, subcode: int, status: int) -> None:
    desk: MetaDesk = make_desk("campaign_performance")
    with _Refusing(today=NOW.date()) as other:
        other.accounts = desk.api.accounts
        more = {"error_subcode": subcode} if subcode else {}
        other.error = refusal(status, code, "Later", **more)
        desk.land(base_url=other.base_url)
    assert desk.read("select count(*) from raw.meta_ads__campaign_performance") == [(2,)]
    assert len(desk.time.waits) == 1


@pytest.mark.parametrize(
    ("code", "subcode", "said"),
    [
        (190, 463, "the credentials are refused"),
        (10, 0, "the credentials have no right to this"),
        (200, 0, "the credentials have no right to this"),
        (294, 0, "the credentials have no right to this"),
        (100, 33, "the credentials have no right to this"),
        (3018, 0, "the request is refused"),
        (100, 0, "the request is refused"),
    ],
)
def test_what_stays_is_told_at_once(make_desk: Any, code: int, subcode: int, said: str) -> None:
    desk: MetaDesk = make_desk("campaign_performance")
    with _Refusing(today=NOW.date()) as other:
        other.accounts = desk.api.accounts
        more = {"error_subcode": subcode} if subcode else {}
        other.error = refusal(400, code, "Words of Meta", **more)
        told = desk.errors(base_url=other.base_url)["meta_ads/campaign_performance"]
    assert said in told
    assert f"Meta's error {code}" in told
    assert "Words of Meta" in told
    assert desk.time.waits == []
