"""The Google Ads server speaks as the API does: batches, GAQL and its refusals, who may see what, quotas, versions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import requests

from tests.fakes.faults import Fault
from tests.fakes.google_ads import DEVELOPER_TOKEN, GoogleAdsApi
from tests.fakes.google_ads_data import Action, AdAccount, AdFact, Campaign, Claim
from tests.fakes.google_ads_errors import ads_error

SHOP, MANAGER = "1234567890", "9876543210"
DAY, NEXT = date(2026, 11, 1), date(2026, 11, 2)
WEEK = "segments.date BETWEEN '2026-11-01' AND '2026-11-07'"
SPENT = f"SELECT segments.date, campaign.id, metrics.clicks, metrics.cost_micros FROM campaign WHERE {WEEK}"

Ask = Callable[..., requests.Response]


@pytest.fixture
def shop() -> AdAccount:
    """Two campaigns on two days; one claim without any click on its day."""
    return AdAccount(
        id=SHOP,
        name="Shop",
        currency_code="EUR",
        time_zone="Europe/Berlin",
        managers=frozenset({MANAGER}),
        campaigns={22: Campaign(name="برند")},
        actions={7: Action(name="Purchase")},
        facts=[
            AdFact(day=DAY, campaign=22, ad_group=1, ad=2, impressions=9, clicks=4, cost_micros=12_340_000),
            AdFact(day=DAY, campaign=22, ad_group=1, ad=3, impressions=1, clicks=1),
            AdFact(day=NEXT, campaign=33, impressions=5),
        ],
        claims=[Claim(day=NEXT, campaign=22, action=7, conversions=Decimal("0.5"), value=Decimal("10.5"))],
    )


@pytest.fixture
def api(shop: AdAccount) -> Iterator[GoogleAdsApi]:
    manager = AdAccount(
        id=MANAGER,
        name="Agency",
        currency_code="EUR",
        time_zone="UTC",
        is_manager=True,
        clients=(shop,),
    )
    with GoogleAdsApi([shop, manager], today=date(2026, 11, 10)) as server:
        yield server


@pytest.fixture
def ask(api: GoogleAdsApi) -> Ask:
    """Asks a question; headers and parts of the address may be others."""

    def call(
        query: str = SPENT, *, customer: str = SHOP, version: str = "v26", body: Any = None, **headers: str
    ) -> requests.Response:
        known = {"Authorization": f"Bearer {api.tokens.issue(api.scope)}", "developer-token": DEVELOPER_TOKEN}
        return requests.post(
            f"{api.base_url}/{version}/customers/{customer}/googleAds:searchStream",
            json={"query": query} | (body or {}),
            headers=known | {name.replace("_", "-"): value for name, value in headers.items()},
            timeout=30,
        )

    return call


def _code(response: requests.Response) -> tuple[int, str]:
    """Status, and the code of the failure in its wrapped error."""
    (wrapped,) = response.json()
    ((_, code),) = wrapped["error"]["details"][0]["errors"][0]["errorCode"].items()
    return response.status_code, code


def test_a_batch_has_rows_and_their_mask(ask: Ask, api: GoogleAdsApi) -> None:
    (batch,) = ask().json()
    assert batch["fieldMask"] == "segments.date,campaign.id,metrics.clicks,metrics.costMicros"
    assert batch["results"] == [
        {
            "campaign": {"resourceName": f"customers/{SHOP}/campaigns/22", "id": "22"},
            "metrics": {"clicks": "5", "costMicros": "12340000"},
            "segments": {"date": "2026-11-01"},
        }
    ]
    assert api.violations == []


def test_rows_without_any_selected_metric_are_not_told(ask: Ask) -> None:
    (batch,) = ask(SPENT.replace("metrics.clicks", "metrics.impressions")).json()
    assert [row["campaign"]["id"] for row in batch["results"]] == ["22", "33"]
    assert "costMicros" not in batch["results"][1]["metrics"]


def test_zeros_may_be_written_all_the_same(ask: Ask, api: GoogleAdsApi) -> None:
    api.omits_zeros = False
    (batch,) = ask(SPENT.replace("metrics.clicks", "metrics.impressions")).json()
    assert batch["results"][1]["metrics"] == {"impressions": "5", "costMicros": "0"}


def test_claims_are_doubles_by_action(ask: Ask) -> None:
    fields = "segments.conversion_action, segments.conversion_action_name, metrics.conversions, metrics.conversions_value"
    (batch,) = ask(f"SELECT {fields} FROM campaign WHERE {WEEK}").json()
    assert batch["results"][0]["metrics"] == {"conversions": 0.5, "conversionsValue": 10.5}
    assert batch["results"][0]["segments"] == {
        "conversionAction": f"customers/{SHOP}/conversionActions/7",
        "conversionActionName": "Purchase",
    }


def test_batches_are_cut_and_nothing_has_two_forms(ask: Ask, api: GoogleAdsApi) -> None:
    api.batch_rows = 1
    assert [
        len(batch["results"]) for batch in ask(SPENT.replace("metrics.clicks", "metrics.impressions")).json()
    ] == [
        1,
        1,
    ]
    nothing = SPENT.replace("2026-11", "2025-01")
    assert [set(batch) for batch in ask(nothing).json()] == [{"fieldMask", "requestId"}]
    api.empty = "array"
    assert ask(nothing).json() == []


def test_days_older_than_37_months_have_no_rows(ask: Ask, api: GoogleAdsApi, shop: AdAccount) -> None:
    old = date(2023, 10, 9)
    shop.facts.append(AdFact(day=old, campaign=22, clicks=1))
    query = SPENT.replace("2026-11-01", "2023-10-01").replace("2026-11-07", "2023-10-31")
    assert "results" not in ask(query).json()[0]
    api.today = date(2026, 11, 9)
    assert len(ask(query).json()[0]["results"]) == 1


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("SELECT metrics.clicks", "UNEXPECTED_INPUT"),
        ("SELECT metrics.clicks FROM nowhere", "BAD_RESOURCE_TYPE_IN_FROM_CLAUSE"),
        ("SELECT metrics.cost FROM campaign", "UNRECOGNIZED_FIELD"),
        ("SELECT ad_group.id FROM campaign", "PROHIBITED_RESOURCE_TYPE_IN_SELECT_CLAUSE"),
        ("SELECT metrics.clicks FROM conversion_action", "PROHIBITED_METRIC_IN_SELECT_OR_WHERE_CLAUSE"),
        ("SELECT segments.date FROM conversion_action", "PROHIBITED_SEGMENT_IN_SELECT_OR_WHERE_CLAUSE"),
        ("SELECT segments.date, metrics.clicks FROM campaign", "EXPECTED_FILTERS_ON_DATE_RANGE"),
        (SPENT.replace("11-01", "11-31"), "INVALID_DATE_FORMAT"),
        (SPENT.replace("11-01", "11-08"), "DATE_RANGE_TOO_NARROW"),
        (
            f"SELECT segments.conversion_action, metrics.clicks FROM campaign WHERE {WEEK}",
            "PROHIBITED_SEGMENT_WITH_METRIC_IN_SELECT_OR_WHERE_CLAUSE",
        ),
    ],
)
def test_a_wrong_question_is_refused_as_google_does(ask: Ask, query: str, code: str) -> None:
    assert _code(ask(query)) == (400, code)


def test_who_may_see_what(ask: Ask, shop: AdAccount) -> None:
    assert ask(login_customer_id=MANAGER).status_code == 200
    assert _code(ask(login_customer_id="1112223333")) == (403, "USER_PERMISSION_DENIED")
    shop.is_direct = False
    assert _code(ask()) == (403, "USER_PERMISSION_DENIED")
    assert _code(ask(customer="1112223333")) == (401, "CUSTOMER_NOT_FOUND")
    assert _code(ask(developer_token=SHOP)) == (401, "DEVELOPER_TOKEN_INVALID")
    assert ask(Authorization="Bearer other").status_code == 401
    shop.status = "CANCELED"
    assert _code(ask(login_customer_id=MANAGER)) == (403, "CUSTOMER_NOT_ENABLED")


def test_a_manager_has_no_metrics_but_clients(ask: Ask) -> None:
    assert _code(ask(customer=MANAGER)) == (400, "REQUESTED_METRICS_FOR_MANAGER")
    clients = "SELECT customer_client.id FROM customer_client"
    (batch,) = ask(clients, customer=MANAGER).json()
    assert [row["customerClient"]["id"] for row in batch["results"]] == [MANAGER, SHOP]
    (batch,) = ask(f"{clients} WHERE customer_client.manager = FALSE", customer=MANAGER).json()
    assert [row["customerClient"]["id"] for row in batch["results"]] == [SHOP]


def test_dead_versions_are_unknown_in_html_or_json(ask: Ask, api: GoogleAdsApi) -> None:
    answer = ask(version="v20")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=UTF-8")
    api.dead_version = "json"
    assert ask(version="v20").json()[0]["error"]["status"] == "NOT_FOUND"
    api.dead_version = "failure"
    assert _code(ask(version="v20")) == (400, "UNSUPPORTED_VERSION")


def test_quotas_of_the_day_and_of_the_moment_differ_by_code(ask: Ask, api: GoogleAdsApi) -> None:
    delays = {}
    for fault in (Fault.THROTTLED, Fault.QUOTA_EXHAUSTED):
        api.order(fault)
        answer = ask()
        assert "Retry-After" not in answer.headers
        quota = answer.json()[0]["error"]["details"][0]["errors"][0]["details"]["quotaErrorDetails"]
        delays[_code(answer)] = quota["retryDelay"]
    assert delays == {(429, "RESOURCE_TEMPORARILY_EXHAUSTED"): "30s", (429, "RESOURCE_EXHAUSTED"): "33120s"}
    api.requests_left = 1
    assert ask().status_code == 200
    assert _code(ask()) == (429, "RESOURCE_EXHAUSTED")


def test_a_stream_may_break_when_its_status_is_sent(ask: Ask, api: GoogleAdsApi) -> None:
    api.batch_rows = 1
    api.break_stream(ads_error("internalError", "INTERNAL_ERROR", "Oh."))
    answer = ask(SPENT.replace("metrics.clicks", "metrics.impressions"))
    assert answer.status_code == 200
    assert [set(part) & {"results", "error"} for part in answer.json()] == [{"results"}, {"error"}]
    assert api.violations == []


def test_fields_of_the_body_that_google_does_not_know_are_refused(ask: Ask, api: GoogleAdsApi) -> None:
    """``pageSize`` belongs to ``search``, and is no longer taken there either."""
    assert ask(body={"pageSize": 100}).status_code == 400
    assert len(api.violations) == 1
