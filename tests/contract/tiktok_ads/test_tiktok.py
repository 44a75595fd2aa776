"""What TikTok is known for: errors with status 200, arrays as text, 30 days a call, pages that count themselves."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal

import pytest
from pydantic import ValidationError
from werkzeug import Request

from connectors.tiktok_ads.config import Config
from tests.contract.landed import Workbench, errors_of
from tests.contract.tiktok_ads.conftest import ADVERTISER, DAY, FIRST, NOON, result
from tests.fakes.faults import Fault
from tests.fakes.server import Seen
from tests.fakes.tiktok_ads import TOKEN, Advertiser, TikTokAdsApi

_ROWS = "select count(*), count(distinct (date, campaign_id)) from raw.tiktok_ads__campaign_performance"


def _asks_for_spend(request: Request) -> bool:
    return "spend" in request.args.get("metrics", "")


def _reports(api: TikTokAdsApi) -> Sequence[Seen]:
    return [seen for seen in api.seen if '"spend"' in seen.query.get("metrics", "")]


def test_rows_land_exactly_as_tiktok_writes_them(advertiser: Advertiser, bench: Workbench) -> None:
    advertiser.results = [result(FIRST, 7, spend="1234567.891234", conversion="3", clicks="12")]
    bench.landed(NOON)
    told = "date, account_id, campaign_id, campaign_name, campaign_type, impressions, clicks, cost, currency_code"
    assert bench.rows(f"select {told} from raw.tiktok_ads__campaign_performance") == [
        (FIRST, ADVERTISER, "7", "پویش 7", "TRAFFIC", 100, 12, Decimal("1234567.891234"), "USD")
    ]
    claimed = "conversion_goal, attribution_window, conversions, conversion_value"
    assert bench.rows(f"select {claimed} from raw.tiktok_ads__conversions") == [
        ("conversion", "total", Decimal(3), None)
    ]


def test_arrays_are_json_text_and_the_token_has_a_header_of_its_own(
    api: TikTokAdsApi, bench: Workbench
) -> None:
    bench.landed(NOON)
    (report,) = _reports(api)
    assert json.loads(report.query["dimensions"]) == ["campaign_id", "stat_time_day"]
    assert json.loads(report.query["metrics"]) == [
        "campaign_name",
        "objective_type",
        "spend",
        "impressions",
        "clicks",
        "conversion",
    ]
    assert report.headers["Access-Token"] == TOKEN
    assert "Authorization" not in report.headers


def test_a_call_has_thirty_days_at_most(api: TikTokAdsApi, bench: Workbench) -> None:
    bench.landed(NOON + 60 * DAY)
    windows = [(seen.query["start_date"], seen.query["end_date"]) for seen in _reports(api)]
    assert windows == [
        ("2026-11-01", "2026-11-30"),
        ("2026-12-01", "2026-12-30"),
        ("2026-12-31", "2027-01-03"),
    ]
    assert bench.rows(_ROWS) == [(8, 8)]


def test_days_are_those_of_the_advertiser(api: TikTokAdsApi, bench: Workbench) -> None:
    # 21:00 UTC is the next day in Dubai already, and in Tehran too; in UTC it isn't.
    bench.landed(NOON.replace(hour=21))
    assert _reports(api)[0].query["end_date"] == "2026-11-05"


def test_a_zone_that_tiktok_does_not_tell_is_the_brands(
    api: TikTokAdsApi, advertiser: Advertiser, bench: Workbench
) -> None:
    advertiser.timezone = None
    # 22:00 UTC is tomorrow in Tehran, which is the brand's; it isn't yet in London.
    bench.landed(NOON.replace(hour=22))
    assert _reports(api)[0].query["end_date"] == "2026-11-05"
    api.seen.clear()
    bench.landed(NOON.replace(hour=22), timezone="Europe/London")
    assert _reports(api)[0].query["end_date"] == "2026-11-04"


def test_pages_are_read_to_the_last_that_tiktok_counts(api: TikTokAdsApi, bench: Workbench) -> None:
    bench.landed(NOON, page_size=3)
    assert [seen.query["page"] for seen in _reports(api)] == ["1", "2", "3"]
    assert bench.rows(_ROWS) == [(8, 8)]


def test_a_row_that_comes_between_pages_has_all_read_again(
    api: TikTokAdsApi, advertiser: Advertiser, bench: Workbench
) -> None:
    api.on_request(2, lambda: advertiser.results.insert(0, result(FIRST, 9)), matches=_asks_for_spend)
    bench.landed(NOON, page_size=3, parallel=1)
    assert bench.rows(_ROWS) == [(9, 9)]
    assert [seen.query["page"] for seen in _reports(api)] == ["1", "2", "1", "2", "3"]


def test_a_page_that_comes_again_is_refused(api: TikTokAdsApi, bench: Workbench) -> None:
    api.repeats_page = True
    told = errors_of(bench.land(NOON, page_size=3))["campaign_performance"]
    assert "Page 2 was asked for and page 1 came again" in told
    assert bench.rows(_ROWS) == [(0, 0)]


class _Forgetful(TikTokAdsApi):
    """Counts a row more than it gives."""

    def _report(self, request: Request) -> dict[str, object]:
        found = super()._report(request)
        return found | {"page_info": found["page_info"] | {"total_number": 9}}


def test_fewer_rows_than_tiktok_counts_are_refused(api: TikTokAdsApi, bench: Workbench) -> None:
    with _Forgetful(api.advertisers) as other:
        told = errors_of(bench.land(NOON, base_url=other.base_url))["campaign_performance"]
    assert "8 of 9 rows came" in told
    assert "not proven to be whole" in told


@pytest.mark.parametrize("fault", [Fault.THROTTLED, Fault.ERROR_WITH_200])
def test_what_passes_is_tried_again_though_the_status_is_200(
    api: TikTokAdsApi, bench: Workbench, fault: Fault
) -> None:
    api.order(fault, times=2, matches=_asks_for_spend)
    bench.landed(NOON, parallel=1)
    assert bench.rows(_ROWS) == [(8, 8)]
    assert [seen.status for seen in api.seen] == [200] * len(api.seen)
    assert len([wait for wait in bench.seconds.waits if wait >= 0.5]) == 2


def test_the_limit_of_the_day_ends_the_run(api: TikTokAdsApi, bench: Workbench) -> None:
    api.order(Fault.QUOTA_EXHAUSTED, times=100, matches=_asks_for_spend)
    told = errors_of(bench.land(NOON, parallel=1))
    assert "the allowance of the day is used up (code 40100" in told["campaign_performance"]
    assert "not asked any further" in told["conversions"]
    assert len(_reports(api)) == 1


def test_a_token_that_was_revoked_is_told_without_showing_it(
    api: TikTokAdsApi, bench: Workbench, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    api.order(Fault.EXPIRED_TOKEN, times=100, matches=_asks_for_spend)
    told = errors_of(bench.land(NOON, parallel=1))
    assert "the credentials are refused (code 40105" in told["campaign_performance"]
    assert len(_reports(api)) == 1
    assert TOKEN not in f"{told} {caplog.text} {bench.check(now=NOON)}"


def test_an_advertiser_of_others_is_told(bench: Workbench) -> None:
    told = bench.check(now=NOON, advertiser_id="42")
    assert not told.ok
    assert "have no right to this (code 40001: No permission to operate advertiser 42)" in told.problems[0]
    assert "the advertiser" in told.problems[0]


def test_a_wrong_argument_is_told_as_tiktok_says_it(bench: Workbench, api: TikTokAdsApi) -> None:
    told = errors_of(bench.land(NOON, conversions=[{"metric": "no_such_metric"}]))["campaign_performance"]
    assert "the request is refused (code 40002: Invalid metric fields: ['no_such_metric'])" in told
    assert "sanjeh.yml" in told
    assert len(_reports(api)) == 1


def test_a_dash_is_no_value(advertiser: Advertiser, bench: Workbench) -> None:
    advertiser.results = [result(FIRST, 7, conversion="-", objective_type="-")]
    bench.landed(NOON)
    assert bench.rows("select conversions, campaign_type from raw.tiktok_ads__campaign_performance") == [
        (None, None)
    ]
    assert bench.rows("select count(*) from raw.tiktok_ads__conversions") == [(0,)]


def test_goals_are_those_that_are_configured(advertiser: Advertiser, bench: Workbench) -> None:
    claimed = {"complete_payment": "2", "total_complete_payment_value": "19.90", "form": "5"}
    advertiser.results = [result(FIRST, 7, **claimed)]
    bench.landed(
        NOON,
        conversions=[
            {
                "metric": "complete_payment",
                "goal": "purchase",
                "value_metric": "total_complete_payment_value",
            },
            {"metric": "form", "window": "7d_click"},
        ],
    )
    told = "conversion_goal, attribution_window, conversions, conversion_value"
    assert bench.rows(f"select {told} from raw.tiktok_ads__conversions order by all") == [
        ("form", "7d_click", Decimal(5), None),
        ("purchase", "total", Decimal(2), Decimal("19.90")),
    ]
    assert bench.rows(
        "select conversion_goal, conversions, conversion_value from raw.tiktok_ads__campaign_performance"
    ) == [("purchase", Decimal(2), Decimal("19.90"))]


def test_a_metric_that_vanished_is_told(advertiser: Advertiser, bench: Workbench) -> None:
    bench.landed(NOON)
    for each in advertiser.results:
        del each.metrics["conversion"]  # type: ignore[attr-defined]  # a dict, as made here
    told = errors_of(bench.land(NOON + DAY))
    assert set(told) == {"campaign_performance", "conversions"}
    assert all("conversion" in said and "intact" in said for said in told.values())


def test_a_day_that_is_restated_changes_alone(advertiser: Advertiser, bench: Workbench) -> None:
    bench.landed(NOON)
    advertiser.results[2] = result(FIRST + DAY, 7, spend="9.99")
    landed = bench.landed(NOON + DAY)
    assert landed["campaign_performance"].changed_slices == 2
    assert bench.rows(
        "select distinct date from raw.tiktok_ads__campaign_performance where _load_id = 2"
    ) == [(FIRST + DAY,)]


def test_check_tells_the_advertiser(api: TikTokAdsApi, bench: Workbench) -> None:
    told = bench.check(now=NOON)
    assert told.ok
    assert told.summary == (
        f"TikTok advertiser فروشگاه سیب ({ADVERTISER}); reads it; the advertiser is STATUS_ENABLE; "
        "zone Asia/Dubai; currency USD"
    )
    assert [seen.path for seen in api.seen] == ["/open_api/v1.3/advertiser/info/"]


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"window_days": 31}, "less than or equal to 30"),
        ({"page_size": 1001}, "less than or equal to 1000"),
        ({"advertiser_id": "act_1"}, "advertiser_id"),
        ({"conversions": [{"metric": "a"}, {"metric": "b", "goal": "a"}]}, "same window twice"),
    ],
)
def test_keys_that_tiktok_would_refuse_are_refused_at_once(keys: dict[str, object], said: str) -> None:
    whole = {"connector": "tiktok_ads", "brand": "sib", "advertiser_id": "1", "token_env": "T"}
    with pytest.raises(ValidationError, match=said):
        Config.model_validate(whole | keys)
