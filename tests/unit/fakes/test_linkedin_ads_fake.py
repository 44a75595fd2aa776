"""The LinkedIn server: what it does that a careless client wouldn't notice, and its refusals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from urllib.parse import quote

import pytest
import requests

from tests.fakes.faults import Fault
from tests.fakes.linkedin_ads import REFRESH_TOKEN, TOKEN, AdAccount, Delivery, LinkedInAdsApi, campaign

_HEADERS = {
    "Authorization": f"Bearer {TOKEN}",
    "LinkedIn-Version": "202610",
    "X-Restli-Protocol-Version": "2.0.0",
}
_DAYS = "(start:(year:2026,month:11,day:1),end:(year:2026,month:11,day:2))"
_ACCOUNTS = "List(urn%3Ali%3AsponsoredAccount%3A7)"
_METRICS = {"impressions": 5, "clicks": 1, "costInLocalCurrency": "0.50"}


@pytest.fixture
def api() -> Iterator[LinkedInAdsApi]:
    """Account 7 with a campaign that delivered on three days."""
    account = AdAccount(
        "حساب",
        campaigns=[campaign(1, "یک", account_id=7), campaign(2, "دو", account_id=7)],
        deliveries=[Delivery(day=date(2026, 11, day), campaign_id=1, metrics=_METRICS) for day in (1, 2, 3)],
    )
    with LinkedInAdsApi({7: account}) as server:
        yield server


def _get(api: LinkedInAdsApi, path: str, **headers: str) -> requests.Response:
    return requests.get(api.base_url + path, headers=_HEADERS | headers, timeout=30)


def _report(api: LinkedInAdsApi, *, days: str = _DAYS, more: str = "", **headers: str) -> requests.Response:
    query = f"q=analytics&pivot=CAMPAIGN&timeGranularity=DAILY&dateRange={days}&accounts={_ACCOUNTS}{more}"
    return _get(api, f"/rest/adAnalytics?{query}", **headers)


def test_without_fields_only_impressions_and_clicks_come(api: LinkedInAdsApi) -> None:
    answer = _report(api).json()
    assert answer["paging"] == {"start": 0, "count": 10, "links": []}
    assert answer["elements"] == [{"impressions": 5, "clicks": 1}] * 2


def test_fields_are_given_in_linkedins_types(api: LinkedInAdsApi) -> None:
    more = "&fields=dateRange,pivotValues,costInLocalCurrency"
    first = _report(api, more=more).json()["elements"][0]
    day = {"year": 2026, "month": 11, "day": 1}
    assert first == {
        "dateRange": {"start": day, "end": day},
        "pivotValues": ["urn:li:sponsoredCampaign:1"],
        "costInLocalCurrency": "0.50",
    }
    assert api.violations[1:] == []


def test_the_cut_is_silent(api: LinkedInAdsApi) -> None:
    api.element_cap = 1
    answer = _report(api)
    assert (answer.status_code, len(answer.json()["elements"])) == (200, 1)


def test_an_account_that_may_not_be_seen_has_an_empty_report(api: LinkedInAdsApi) -> None:
    api.unseen = {7}
    assert _report(api).json()["elements"] == []
    refused = _get(api, "/rest/adAccounts/7")
    assert (refused.status_code, refused.json()["code"]) == (403, "ACCESS_DENIED")


def test_encoded_parentheses_are_no_list(api: LinkedInAdsApi) -> None:
    assert _report(api).status_code == 200
    refused = _report(api, days=quote(_DAYS, safe=""))
    assert (refused.status_code, refused.json()["code"]) == (400, "ILLEGAL_ARGUMENT")
    assert _report(api, **{"X-Restli-Protocol-Version": "1.0.0"}).status_code == 400


def test_more_than_twenty_metrics_are_refused(api: LinkedInAdsApi) -> None:
    names = ",".join(f"metric{number}" for number in range(20))
    assert _report(api, more=f"&fields=dateRange,{names}").status_code == 200
    assert _report(api, more=f"&fields=dateRange,{names},clicks").status_code == 400


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Authorization": "Bearer another"}, 401, "INVALID_ACCESS_TOKEN"),
        ({"LinkedIn-Version": ""}, 400, "VERSION_MISSING"),
        ({"LinkedIn-Version": "202506"}, 426, "NONEXISTENT_VERSION"),
    ],
)
def test_refusals(api: LinkedInAdsApi, headers: dict[str, str], status: int, code: str) -> None:
    refused = _get(api, "/rest/adAccounts/7", **headers)
    assert (refused.status_code, refused.json()["status"], refused.json()["code"]) == (status, status, code)


def test_campaigns_come_by_pages_and_the_last_has_no_token(api: LinkedInAdsApi) -> None:
    path = "/rest/adAccounts/7/adCampaigns?q=search&pageSize=1"
    first = _get(api, path).json()
    assert [each["name"] for each in first["elements"]] == ["یک"]
    last = _get(api, f"{path}&pageToken={first['metadata']['nextPageToken']}").json()
    assert [each["name"] for each in last["elements"]] == ["دو"]
    assert last["metadata"] == {}


def test_a_limit_tells_no_wait(api: LinkedInAdsApi) -> None:
    api.order(Fault.QUOTA_EXHAUSTED)
    refused = _report(api)
    assert refused.status_code == 429
    assert "DAY limit" in refused.json()["message"]
    assert "Retry-After" not in refused.headers


def test_tokens_are_for_the_app_only(api: LinkedInAdsApi) -> None:
    form = {
        "grant_type": "refresh_token",
        "client_id": "another",
        "client_secret": "x",
        "refresh_token": REFRESH_TOKEN,
    }
    refused = requests.post(f"{api.base_url}/oauth/v2/accessToken", data=form, timeout=30)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_client")
    assert api.violations == []
