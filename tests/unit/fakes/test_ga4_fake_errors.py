"""What the GA4 server refuses, in Google's words and order, and how its faults reach the real client."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
import requests
from google.analytics.data_v1beta import BetaAnalyticsDataClient
from google.analytics.data_v1beta.types import DateRange, Metric, RunReportRequest
from google.api_core.client_options import ClientOptions
from google.api_core.exceptions import BadGateway, Forbidden, InternalServerError, TooManyRequests
from google.api_core.retry import Retry, if_exception_type
from google.auth.credentials import AnonymousCredentials
from google.protobuf.json_format import ParseError

from tests.fakes.faults import Fault
from tests.fakes.ga4 import Ga4Api
from tests.fakes.ga4_data import Property
from tests.unit.fakes.conftest import SHOP, Post, named, rows_in

SESSIONS = RunReportRequest(
    property=f"properties/{SHOP}",
    metrics=[Metric(name="sessions")],
    date_ranges=[DateRange(start_date="2026-11-02", end_date="2026-11-03")],
)
SCHEMA = "https://developers.google.com/analytics/devguides/reporting/data/v1/api-schema"
LISTS = f"For a list of valid dimensions and metrics, see {SCHEMA}"
DAY = {"startDate": "2026-11-02", "endDate": "2026-11-02"}


@pytest.fixture
def client(ga4: Ga4Api) -> BetaAnalyticsDataClient:
    """Google's client over REST, addressed by its options."""
    return BetaAnalyticsDataClient(
        transport="rest",
        credentials=AnonymousCredentials(),
        client_options=ClientOptions(api_endpoint=ga4.base_url),
    )


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"dimensions": named("colour")}, f"Field colour is not a valid dimension. {LISTS}"),
        ({"metrics": named("happiness")}, f"Field happiness is not a valid metric.  {LISTS}"),
        ({"dateRanges": []}, "A dateRange is required."),
        ({"dateRanges": [DAY] * 5}, "Requests are limited to 4 dateRanges."),
        (
            {
                "metrics": named(*["sessions", "engagedSessions", "bounceRate", "newUsers", "keyEvents"]),
                "limit": -1,
            },
            "limit must be positive. The API received limit = -1",
        ),
        (
            {"dateRanges": [{**DAY, "startDate": "2015-08-13"}]},
            "start_date = 2015-08-13 must be greater than 2015-08-13 and less than 3000-01-01.",
        ),
        ({"metricAggregations": ["COUNT"]}, "MetricAggregation COUNT is not supported."),
        (
            {"orderBys": [{"dimension": {"dimensionName": "date"}}]},
            "Field date exists in OrderBy but is not defined in input Dimensions/Metrics list.",
        ),
        ({"currencyCode": "XXX"}, "The currency code XXX is not supported."),
        (
            {"dimensions": named("date", "sessionSource", "eventName")},
            "Please remove sessions to make the request compatible. The request's dimensions & metrics are "
            "incompatible. To learn more, see https://ga-dev-tools.google/ga4/dimensions-metrics-explorer/",
        ),
    ],
)
def test_what_is_wrong_is_said_in_googles_words(post: Post, body: dict[str, Any], message: str) -> None:
    answer = post(**{"metrics": named("sessions"), **body})
    assert answer.status_code == 400
    assert answer.json()["error"] == {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}


def test_the_first_mistake_in_googles_order_is_told(post: Post) -> None:
    wrong: dict[str, Any] = {
        "colour": 1,
        "metrics": named("happiness"),
        "limit": "-1",
        "dateRanges": [{**DAY, "startDate": "soon"}] * 5,
    }
    told = [post(**wrong).json()["error"]["message"]]
    del wrong["colour"]
    for remedy in ({}, {"metrics": named("sessions")}, {"limit": "1"}, {"dateRanges": [DAY] * 5}):
        wrong |= remedy
        told.append(post(**wrong).json()["error"]["message"])
    assert [message.split(".")[0] for message in told] == [
        "Invalid JSON payload received",
        "Field happiness is not a valid metric",
        "limit must be positive",
        "Invalid start_date: soon",
        "Requests are limited to 4 dateRanges",
    ]


def test_an_unknown_key_is_named_with_its_place(ga4: Ga4Api, post: Post) -> None:
    answer = post(dimensions=[{"nam": "date"}])
    said = "Invalid JSON payload received. Unknown name \"nam\" at 'dimensions[0]': Cannot find field."
    assert answer.status_code == 400
    assert answer.json()["error"]["details"] == [
        {
            "@type": "type.googleapis.com/google.rpc.BadRequest",
            "fieldViolations": [{"description": said, "field": "dimensions[0]"}],
        }
    ]
    assert len(ga4.violations) == 1, "the request breaks the contract, the refusal doesn't"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"/v1beta/properties/{SHOP}:runReport"),
        ("POST", f"/v1beta/properties/{SHOP}/metadata"),
        ("POST", f"/v1/properties/{SHOP}:runReport"),
    ],
)
def test_an_unknown_route_or_verb_is_a_404_page_of_html(ga4: Ga4Api, method: str, path: str) -> None:
    answer = requests.request(method, ga4.base_url + path, timeout=30)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=UTF-8")
    assert answer.text.startswith("<!DOCTYPE html>")


def test_a_property_that_is_not_shared_looks_like_one_that_is_not_there(
    ga4: Ga4Api, shop: Property, post: Post
) -> None:
    shop.is_shared = False
    bodies = [post(metrics=named("sessions"), number=number).json() for number in (SHOP, "999")]
    assert bodies[0] == bodies[1]
    assert (bodies[0]["error"]["code"], bodies[0]["error"]["status"]) == (403, "PERMISSION_DENIED")
    assert post(metrics=named("sessions"), number="UA-1").status_code == 400
    ga4.is_disabled = True
    assert post(metrics=named("sessions")).json()["error"]["details"][0]["reason"] == "SERVICE_DISABLED"


def test_quota_counts_down_and_returns_by_the_hour(shop: Property, post: Post) -> None:
    long = [{"startDate": "2025-11-10", "endDate": "2026-11-09"}]
    spent = post(metrics=named("sessions"), dateRanges=long, returnPropertyQuota=True).json()["propertyQuota"]
    assert spent["tokensPerDay"] == {"consumed": 7, "remaining": 199_993}
    assert spent["concurrentRequests"] == {"consumed": 0, "remaining": 10}
    shop.quota.limits["tokensPerHour"] = 7
    refused = post(metrics=named("sessions"))
    assert refused.json()["error"]["status"] == "RESOURCE_EXHAUSTED"
    assert refused.json()["error"]["message"].startswith("Exhausted property tokens per hour.")
    assert "Retry-After" not in refused.headers
    shop.quota.next_hour()
    assert post(metrics=named("sessions")).status_code == 200
    shop.quota.limits["tokensPerDay"] = 8
    assert (
        post(metrics=named("sessions"))
        .json()["error"]["message"]
        .startswith("Exhausted property tokens per day.")
    )
    shop.quota.next_day()
    assert post(metrics=named("sessions")).status_code == 200


def test_the_eleventh_request_at_once_is_refused(shop: Property, post: Post) -> None:
    shop.quota.consumed["concurrentRequests"] = 10
    assert (
        post(metrics=named("sessions"))
        .json()["error"]["message"]
        .startswith("Exhausted concurrent requests quota.")
    )


@pytest.mark.parametrize(
    ("fault", "error", "said"),
    [
        (Fault.THROTTLED, TooManyRequests, "Exhausted concurrent requests"),
        (Fault.QUOTA_EXHAUSTED, TooManyRequests, "Exhausted property tokens per day"),
        (Fault.SERVER_ERROR, InternalServerError, "Internal error encountered"),
        (Fault.FORBIDDEN, Forbidden, "sufficient permissions for this property"),
        (Fault.HTML_PAGE, BadGateway, "Bad Gateway"),
        (Fault.HTML_PAGE_WITH_200, ParseError, "Failed to load JSON"),
        (Fault.CUT_CONNECTION, requests.exceptions.ChunkedEncodingError, "IncompleteRead"),
    ],
)
def test_a_fault_reaches_the_real_client_once(
    ga4: Ga4Api, client: BetaAnalyticsDataClient, fault: Fault, error: type[Exception], said: str
) -> None:
    ga4.order(fault)
    with pytest.raises(error, match=said):
        client.run_report(SESSIONS)
    assert client.run_report(SESSIONS).rows[0].metric_values[0].value == "9"
    assert ga4.violations == []


def test_an_error_with_200_reads_as_an_empty_report(ga4: Ga4Api, client: BetaAnalyticsDataClient) -> None:
    """The client ignores what it doesn't know: only the missing ``kind`` gives it away."""
    ga4.order(Fault.ERROR_WITH_200)
    report = client.run_report(SESSIONS)
    assert (list(report.rows), report.kind) == ([], "")


def test_the_clients_own_retry_gets_over_a_throttle(ga4: Ga4Api, client: BetaAnalyticsDataClient) -> None:
    ga4.order(Fault.THROTTLED, times=2)
    retry = Retry(predicate=if_exception_type(TooManyRequests), initial=0.001, maximum=0.001, timeout=30)
    assert client.run_report(SESSIONS, retry=retry).kind == "analyticsData#runReport"
    assert [seen.status for seen in ga4.seen] == [429, 429, 200]


def test_a_server_error_can_be_unavailability_and_counts_against_the_quota(
    ga4: Ga4Api, shop: Property, post: Post
) -> None:
    ga4.server_error = 503
    ga4.order(Fault.SERVER_ERROR)
    assert post(metrics=named("sessions")).json()["error"]["status"] == "UNAVAILABLE"
    quota = post(metrics=named("sessions"), returnPropertyQuota=True).json()["propertyQuota"]
    assert quota["serverErrorsPerProjectPerHour"] == {"consumed": 1, "remaining": 9}


def test_no_json_is_refused_as_such(ga4: Ga4Api) -> None:
    address = f"{ga4.base_url}/v1beta/properties/{SHOP}:runReport"
    for body, said in (("{", "Unexpected token."), (json.dumps([1]), "Root element must be a message.")):
        answer = requests.post(address, data=body, headers={"Content-Type": "application/json"}, timeout=30)
        assert answer.json()["error"]["message"] == f"Invalid JSON payload received. {said}"


def test_a_slow_answer_comes_when_the_test_lets_it(
    ga4: Ga4Api, client: BetaAnalyticsDataClient, post: Post
) -> None:
    released = threading.Event()
    ga4.on_request(1, released.wait)
    with pytest.raises(requests.exceptions.ReadTimeout):
        client.run_report(SESSIONS, timeout=0.2)
    released.set()
    assert rows_in(post(metrics=named("sessions")).json()) == [["9"]]
