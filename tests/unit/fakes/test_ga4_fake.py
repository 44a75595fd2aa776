"""The GA4 server speaks as the Data API does: over REST with the real client, and by the byte."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from google.analytics.data_v1beta import BetaAnalyticsDataClient
from google.analytics.data_v1beta.services.beta_analytics_data.transports import (
    BetaAnalyticsDataRestTransport,
)
from google.analytics.data_v1beta.types import (
    DateRange,
    Dimension,
    Metric,
    MetricType,
    OrderBy,
    RunReportRequest,
)
from google.auth.credentials import AnonymousCredentials

from tests.fakes.ga4 import Ga4Api
from tests.fakes.ga4_data import Property, Quality, SessionFact
from tests.unit.fakes.conftest import SHOP, TUESDAY, Post, named, rows_in

TRAFFIC = RunReportRequest(
    property=f"properties/{SHOP}",
    dimensions=[Dimension(name="date"), Dimension(name="sessionCampaignName")],
    metrics=[Metric(name="sessions"), Metric(name="totalRevenue")],
    date_ranges=[DateRange(start_date="2026-11-02", end_date="2026-11-03")],
    order_bys=[
        OrderBy(dimension=OrderBy.DimensionOrderBy(dimension_name=name))
        for name in ("date", "sessionCampaignName")
    ],
)


@pytest.fixture
def client(ga4: Ga4Api) -> BetaAnalyticsDataClient:
    """Google's client over REST, without credentials."""
    transport = BetaAnalyticsDataRestTransport(
        host=ga4.base_url.removeprefix("http://"), url_scheme="http", credentials=AnonymousCredentials()
    )
    return BetaAnalyticsDataClient(transport=transport)


def test_the_real_client_reads_a_report(ga4: Ga4Api, client: BetaAnalyticsDataClient) -> None:
    report = client.run_report(TRAFFIC)
    rows = [
        [*(each.value for each in row.dimension_values), *(each.value for each in row.metric_values)]
        for row in report.rows
    ]
    assert rows == [
        ["20261102", "(not set)", "1", "0"],
        ["20261102", "پویش میوه‌ها", "3", "1580000.5"],
        ["20261103", "(direct)", "5", "0"],
    ]
    assert (report.row_count, report.kind) == (3, "analyticsData#runReport")
    assert (report.metadata.currency_code, report.metadata.time_zone) == ("IRR", "Asia/Tehran")
    assert [header.type_ for header in report.metric_headers] == [
        MetricType.TYPE_INTEGER,
        MetricType.TYPE_CURRENCY,
    ]
    assert ga4.seen[-1].query == {"$alt": "json;enum-encoding=int"}
    assert ga4.violations == []


def test_enumerations_are_numbers_for_who_asks_and_names_for_others(ga4: Ga4Api, post: Post) -> None:
    body = {"metrics": named("sessions"), "dateRanges": [{"startDate": "7daysAgo", "endDate": "today"}]}
    address = f"{ga4.base_url}/v1beta/properties/{SHOP}:runReport"
    numbers = requests.post(f"{address}?%24alt=json%3Benum-encoding%3Dint", json=body, timeout=30).json()
    assert numbers["metricHeaders"] == [{"name": "sessions", "type": 1}]
    assert post(**body).json()["metricHeaders"] == [{"name": "sessions", "type": "TYPE_INTEGER"}]
    by_number = {"dimension": {"dimensionName": "date", "orderType": 1}, "desc": True}
    assert rows_in(post(dimensions=named("date"), orderBys=[by_number]).json()) == [
        ["20261103"],
        ["20261102"],
    ]
    assert ga4.violations == []


def test_users_are_counted_over_the_days_asked_for_and_never_summed(post: Post) -> None:
    metrics = named("activeUsers", "totalUsers", "newUsers")
    by_day = post(
        metrics=metrics, dimensions=named("date"), orderBys=[{"dimension": {"dimensionName": "date"}}]
    )
    assert rows_in(by_day.json()) == [["20261102", "2", "3", "1"], ["20261103", "2", "2", "0"]]
    whole = post(metrics=metrics).json()
    assert rows_in(whole) == [["3", "3", "1"]]
    assert "dimensionHeaders" not in whole


def test_several_ranges_add_a_last_dimension(post: Post) -> None:
    ranges = [{"startDate": day, "endDate": day} for day in ("2026-11-02", "2026-11-03")]
    ranges[1]["name"] = "later"
    report = post(metrics=named("sessions"), dateRanges=ranges, metricAggregations=["TOTAL"]).json()
    assert report["dimensionHeaders"] == [{"name": "dateRange"}]
    assert rows_in(report) == [["later", "5"], ["date_range_0", "4"]]
    assert rows_in({"rows": report["totals"]}) == [["date_range_0", "4"], ["later", "5"]]


def test_nothing_found_has_neither_rows_nor_row_count(ga4: Ga4Api, shop: Property, post: Post) -> None:
    shop.quality = Quality(empty_reason="no data")
    report = post(
        metrics=named("sessions"), dateRanges=[{"startDate": "2026-01-01", "endDate": "2026-01-02"}]
    ).json()
    assert sorted(report) == ["kind", "metadata", "metricHeaders"]
    assert report["metadata"]["emptyReason"] == "no data"
    assert ga4.violations == []


@pytest.mark.parametrize(
    ("metric", "value"),
    [("keyEvents", "1.5"), ("totalRevenue", "1580000.5"), ("bounceRate", "0.77777777777777779")],
)
def test_numbers_are_texts_of_15_or_17_digits(post: Post, metric: str, value: str) -> None:
    """2 of 9 sessions were engaged."""
    assert rows_in(post(metrics=named(metric)).json()) == [[value]]


def test_a_report_without_metrics_lists_values(post: Post) -> None:
    report = post(dimensions=named("sessionSource")).json()
    assert rows_in(report) == [["(direct)"], ["(not set)"], ["google"]]
    assert "metricHeaders" not in report
    assert all("metricValues" not in row for row in report["rows"])


def test_without_an_order_the_first_metric_leads(post: Post) -> None:
    rows = rows_in(post(dimensions=named("sessionSource"), metrics=named("sessions")).json())
    assert rows == [["(direct)", "5"], ["google", "3"], ["(not set)", "1"]]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ({"inListFilter": {"values": ["GOOGLE", "(not set)"]}}, "4"),
        ({"inListFilter": {"values": ["GOOGLE"], "caseSensitive": True}}, None),
        ({"stringFilter": {"matchType": "BEGINS_WITH", "value": "goo"}}, "3"),
        ({"stringFilter": {"matchType": "CONTAINS", "value": "IRE"}}, "5"),
        ({"stringFilter": {"matchType": "PARTIAL_REGEXP", "value": "^[gd]oog"}}, "3"),
        ({"emptyFilter": {}}, "1"),
    ],
)
def test_filters_may_name_fields_that_are_not_asked_for(
    ga4: Ga4Api, post: Post, condition: dict[str, Any], found: str | None
) -> None:
    report = post(
        metrics=named("sessions"), dimensionFilter={"filter": {"fieldName": "sessionSource", **condition}}
    )
    assert rows_in(report.json()) == ([[found]] if found else [])
    assert ga4.violations == []


def test_filters_combine(post: Post) -> None:
    monday = {"filter": {"fieldName": "date", "stringFilter": {"value": "20261102"}}}
    google = {"filter": {"fieldName": "sessionMedium", "stringFilter": {"value": "organic"}}}
    both = {"andGroup": {"expressions": [monday, {"notExpression": google}]}}
    assert rows_in(post(metrics=named("sessions"), dimensionFilter=both).json()) == [["1"]]
    either = {"orGroup": {"expressions": [monday, google]}}
    assert rows_in(post(metrics=named("sessions"), dimensionFilter=either).json()) == [["4"]]
    many = {
        "filter": {
            "fieldName": "sessions",
            "numericFilter": {"operation": "GREATER_THAN", "value": {"int64Value": 3}},
        }
    }
    few = post(dimensions=named("sessionSource"), metrics=named("activeUsers"), metricFilter=many)
    assert rows_in(few.json()) == [["(direct)", "2"]]


def test_pages_and_events_are_reports_of_their_own(ga4: Ga4Api, post: Post) -> None:
    pages = post(dimensions=named("pagePath"), metrics=named("screenPageViews", "activeUsers"))
    assert rows_in(pages.json()) == [["/درباره‌ما", "4", "2"]]
    wanted = {"filter": {"fieldName": "eventName", "inListFilter": {"values": ["share", "purchase"]}}}
    events = post(dimensions=named("date", "eventName"), metrics=named("eventCount"), dimensionFilter=wanted)
    assert rows_in(events.json()) == [["20261102", "share", "2"]], "an event that never fired has no row"
    assert ga4.violations == []


def test_rows_of_zeros_are_kept_on_request_only(shop: Property, post: Post) -> None:
    shop.restate(TUESDAY, [SessionFact(day=TUESDAY, sessions=0)])
    by_day = {"dimensions": named("date"), "metrics": named("sessions")}
    assert rows_in(post(**by_day).json()) == [["20261102", "4"]]
    assert rows_in(post(**by_day, keepEmptyRows=True).json()) == [["20261102", "4"], ["20261103", "0"]]


def test_aggregates_have_reserved_values(post: Post) -> None:
    report = post(
        dimensions=named("date"),
        metrics=named("totalUsers"),
        metricAggregations=["TOTAL", "MAXIMUM", "MINIMUM"],
    ).json()
    aggregates = [rows_in({"rows": report[name]})[0] for name in ("totals", "maximums", "minimums")]
    assert aggregates == [["RESERVED_TOTAL", "3"], ["RESERVED_MAX", "3"], ["RESERVED_MIN", "2"]]


def test_quality_of_an_answer_stands_in_its_metadata(ga4: Ga4Api, shop: Property, post: Post) -> None:
    shop.quality_of_day[TUESDAY] = Quality(
        sampled=(48_000, 60_000),
        is_thresholded=True,
        has_other_row=True,
        truncations=(("DATE_RANGE", "Older data are gone."),),
        restricted_metrics=(("totalRevenue", "REVENUE_DATA"),),
    )
    metadata = post(metrics=named("totalRevenue", "sessions")).json()
    assert rows_in(metadata) == [["0", "9"]]
    assert metadata["metadata"] == {
        "dataLossFromOtherRow": True,
        "schemaRestrictionResponse": {
            "activeMetricRestrictions": [
                {"metricName": "totalRevenue", "restrictedMetricTypes": ["REVENUE_DATA"]}
            ]
        },
        "currencyCode": "IRR",
        "timeZone": "Asia/Tehran",
        "subjectToThresholding": True,
        "samplingMetadatas": [{"samplesReadCount": "48000", "samplingSpaceSize": "60000"}],
        "dataTruncationReasons": [
            {
                "dataTruncationType": "DATA_TRUNCATION_TYPE_DATE_RANGE",
                "dataTruncationMessage": "Older data are gone.",
            }
        ],
    }
    monday = post(
        metrics=named("sessions"), dateRanges=[{"startDate": "2026-11-02", "endDate": "2026-11-02"}]
    )
    assert monday.json()["metadata"] == {"currencyCode": "IRR", "timeZone": "Asia/Tehran"}
    assert ga4.violations == []


def test_a_kind_of_truncation_that_nobody_knows_arrives_as_a_number(
    ga4: Ga4Api, shop: Property, client: BetaAnalyticsDataClient
) -> None:
    shop.quality = Quality(truncations=((99, "Something new."),))
    with pytest.warns(UserWarning, match="Unrecognized DataTruncationType"):
        kind = client.run_report(TRAFFIC).metadata.data_truncation_reasons[0].data_truncation_type
    assert kind == 99
    assert ga4.violations == []


def test_money_comes_in_the_currency_asked_for(shop: Property, post: Post) -> None:
    shop.rates["EUR"] = 0.000001
    report = post(metrics=named("totalRevenue"), currencyCode="EUR").json()
    assert (rows_in(report), report["metadata"]["currencyCode"]) == ([["1.5800005"]], "EUR")


def test_several_reports_go_in_one_batch(ga4: Ga4Api, post: Post) -> None:
    days = {"dateRanges": [{"startDate": "2026-11-02", "endDate": "2026-11-03"}]}
    reports = [{**days, "metrics": named(name)} for name in ("sessions", "eventCount")]
    batch = post(verb="batchRunReports", requests=reports).json()
    assert [rows_in(report) for report in batch["reports"]] == [[["9"]], [["3"]]]
    assert batch["kind"] == "analyticsData#batchRunReports"
    assert post(verb="batchRunReports", requests=reports * 3).status_code == 400
    assert ga4.violations == []


def test_the_fields_are_listed(ga4: Ga4Api) -> None:
    fields = requests.get(f"{ga4.base_url}/v1beta/properties/{SHOP}/metadata", timeout=30).json()
    assert {"sessionDefaultChannelGroup", "landingPage"} <= {each["apiName"] for each in fields["dimensions"]}
    assert {each["apiName"]: each["type"] for each in fields["metrics"]}["keyEvents"] == "TYPE_FLOAT"
    assert ga4.violations == []
