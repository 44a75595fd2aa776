"""The HubSpot server's front door: key, scopes, limits, and every refusal that a client must tell apart."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
import requests

from tests.fakes.faults import Fault
from tests.fakes.hubspot import HubSpotApi
from tests.unit.fakes.hubspot_calls import DATED, Caller, make_contacts, refused_request

CONTACTS = f"{DATED}/contacts"
SEARCH = f"{DATED}/contacts/search"


@pytest.fixture
def api() -> Iterator[HubSpotApi]:
    """Twelve contacts; whatever a test does, answers keep to the contract."""
    with HubSpotApi() as server:
        make_contacts(server)
        yield server
        assert server.violations == []


@pytest.fixture
def hubspot(api: HubSpotApi) -> Iterator[Caller]:
    caller = Caller(api)
    yield caller
    caller.close()


@pytest.mark.parametrize("version", ["v3", "2026-09"])
def test_account_says_who_it_is(hubspot: Caller, version: str) -> None:
    account = hubspot.get(f"/account-info/{version}/details").json()
    assert account["portalId"] == 62515
    assert (account["timeZone"], account["companyCurrency"]) == ("Asia/Tehran", "IRR")
    (usage,) = hubspot.get(f"/account-info/{version}/api-usage/daily/private-apps").json()["results"]
    assert (usage["usageLimit"], usage["currentUsage"]) == (625_000, 2)


def test_a_wrong_key_is_refused(api: HubSpotApi) -> None:
    headers = {"Authorization": "Bearer of-another-account"}
    answer = requests.get(api.base_url + CONTACTS, headers=headers, timeout=30)
    assert (answer.status_code, answer.json()["category"]) == (401, "INVALID_AUTHENTICATION")
    assert UUID(answer.json()["correlationId"])


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        (CONTACTS, "crm.objects.contacts.read"),
        (f"{DATED}/0-3", "crm.objects.deals.read"),
        ("/marketing/emails/2026-09", "marketing.email.read"),
        ("/marketing/v3/forms", "forms"),
    ],
)
def test_a_missing_scope_is_named(api: HubSpotApi, hubspot: Caller, path: str, scope: str) -> None:
    assert hubspot.get(path).status_code == 200
    api.scopes.discard(scope)
    answer = hubspot.get(path)
    assert (answer.status_code, answer.json()["category"]) == (403, "MISSING_SCOPES")
    assert scope in answer.json()["errors"][0]["context"]["requiredGranularScopes"]


def test_either_scope_is_enough_for_emails(api: HubSpotApi, hubspot: Caller) -> None:
    api.scopes = {"content"}
    assert hubspot.get("/marketing/emails/2026-09").status_code == 200


def test_throttling_names_its_policy_and_no_wait(api: HubSpotApi, hubspot: Caller) -> None:
    api.order(Fault.THROTTLED, times=2)
    listing, searching = hubspot.get(CONTACTS), hubspot.post(SEARCH)
    api.order(Fault.QUOTA_EXHAUSTED)
    daily = hubspot.get(CONTACTS)
    policies = {"TEN_SECONDLY_ROLLING": listing, "SECONDLY": searching, "DAILY": daily}
    for policy, answer in policies.items():
        body = answer.json()
        assert answer.status_code == 429
        assert "Retry-After" not in answer.headers
        assert (body["policyName"], body["errorType"], body["category"]) == (
            policy,
            "RATE_LIMIT",
            "RATE_LIMITS",
        )
        assert body["message"] == f"You have reached your {policy.lower()} limit."
    assert listing.headers["X-HubSpot-RateLimit-Remaining"] == "0"
    assert "X-HubSpot-RateLimit-Max" not in searching.headers
    assert daily.headers["X-HubSpot-RateLimit-Daily-Remaining"] == "0"
    api.order(Fault.THROTTLED_WITH_RETRY_AFTER)
    assert hubspot.get(CONTACTS).headers["Retry-After"] == "2"
    assert hubspot.get(CONTACTS).status_code == 200


def test_limits_are_kept_where_enforced(api: HubSpotApi, hubspot: Caller) -> None:
    seconds = [0.0]
    api.limits.enforced, api.limits.clock = True, lambda: seconds[0]
    api.limits.burst, api.limits.searches, api.limits.daily = 3, 1, 7
    statuses = [hubspot.get(CONTACTS).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    searches = [hubspot.post(SEARCH) for _ in range(2)]
    assert [answer.status_code for answer in searches] == [200, 429]
    assert searches[1].json()["policyName"] == "SECONDLY"
    seconds[0] = 1.0
    assert hubspot.post(SEARCH).status_code == 200
    seconds[0] = 10.0
    later = [hubspot.get(CONTACTS) for _ in range(3)]
    assert [answer.status_code for answer in later] == [200, 200, 429]
    assert later[2].json()["policyName"] == "DAILY"
    assert [answer.headers["X-HubSpot-RateLimit-Remaining"] for answer in later] == ["2", "1", "1"]


@pytest.mark.parametrize("status", [423, 477, 500, 502, 503, 504])
def test_statuses_in_between(api: HubSpotApi, hubspot: Caller, status: int) -> None:
    api.order_status(status)
    answer = hubspot.get(CONTACTS)
    assert (answer.status_code, answer.json()["status"]) == (status, "error")
    assert ("Retry-After" in answer.headers) == (status == 477)
    assert hubspot.get(CONTACTS).status_code == 200


def test_the_gateway_gives_up_with_a_page(api: HubSpotApi, hubspot: Caller) -> None:
    api.order_status(524, times=5)
    answer = hubspot.get(CONTACTS)
    assert (answer.status_code, answer.headers["Content-Type"]) == (524, "text/html; charset=utf-8")
    api.forgive()
    assert hubspot.get(CONTACTS).status_code == 200


def test_other_faults(api: HubSpotApi, hubspot: Caller) -> None:
    for fault in (Fault.SERVER_ERROR, Fault.EXPIRED_TOKEN, Fault.FORBIDDEN, Fault.ERROR_WITH_200):
        api.order(fault)
    answers = [hubspot.get(CONTACTS) for _ in range(4)]
    assert [(answer.status_code, answer.json()["category"]) for answer in answers] == [
        (500, "INTERNAL_ERROR"),
        (401, "INVALID_AUTHENTICATION"),
        (403, "MISSING_SCOPES"),
        (200, "INTERNAL_ERROR"),
    ]
    api.order(Fault.HTML_PAGE_WITH_200)
    assert hubspot.get(CONTACTS).text.startswith("<html>")
    api.order(Fault.CUT_CONNECTION)
    with pytest.raises(requests.exceptions.RequestException):
        hubspot.get(CONTACTS)


def test_an_unknown_route_or_verb_breaks_the_contract(api: HubSpotApi, hubspot: Caller) -> None:
    assert hubspot.get("/crm/objects/2020-01/contacts").status_code == 404
    assert hubspot.post(CONTACTS).status_code == 405
    found, api.violations = api.violations, []
    assert len(found) == 4


def test_the_contract_sees_a_misspelt_parameter_and_a_lying_server(api: HubSpotApi, hubspot: Caller) -> None:
    assert hubspot.get(CONTACTS, archive="true").status_code == 200
    assert "['archive']" in api.violations[0]
    assert refused_request(api)
    api.crm.tables["contacts"].mistyped = {"email": 7}
    assert hubspot.get(CONTACTS).status_code == 200
    (found,), api.violations = api.violations, []
    assert found.startswith("answer to GET /crm/objects/2026-09/contacts")
