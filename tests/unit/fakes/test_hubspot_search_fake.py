"""The HubSpot server's search: operators, paging, caps and the lag of its index."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.fakes.hubspot import HubSpotApi
from tests.fakes.hubspot_objects import Record
from tests.unit.fakes.hubspot_calls import (
    DATED,
    HOUR,
    LEGACY,
    NOON,
    Caller,
    ids,
    make_contacts,
    refused_request,
)


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


def _search(hubspot: Caller, *filters: tuple[str, ...], **body: object) -> list[int]:
    """Ids that filters of one group find: property, operator, value, high value."""
    keys = ("propertyName", "operator", "value", "highValue")
    group = {"filters": [dict(zip(keys, each, strict=False)) for each in filters]}
    return [
        int(text)
        for text in ids(
            hubspot.post(f"{LEGACY}/contacts/search", filterGroups=[group], limit=200, **body).json()
        )
    ]


def test_search_operators(hubspot: Caller) -> None:
    at_9 = str(round((NOON + 9 * HOUR).timestamp() * 1000))
    assert _search(hubspot, ("createdate", "GTE", at_9)) == [9, 10, 11, 12]
    assert _search(hubspot, ("createdate", "GT", "2026-11-01T21:00:00Z")) == [10, 11, 12]
    assert _search(hubspot, ("hs_object_id", "LT", "3")) == [1, 2]
    assert _search(hubspot, ("hs_object_id", "LTE", "3"), ("lifecyclestage", "EQ", "lead")) == [2]
    assert _search(hubspot, ("hs_object_id", "BETWEEN", "9", "11")) == [9, 10, 11]
    without_stage = _search(hubspot, ("hs_object_id", "NEQ", "1"), ("lifecyclestage", "NOT_HAS_PROPERTY"))
    assert without_stage == [3, 5, 7, 9, 11]
    assert _search(hubspot, ("lifecyclestage", "HAS_PROPERTY")) == [2, 4, 6, 8, 10, 12]
    assert _search(hubspot, ("email", "CONTAINS_TOKEN", "u1*")) == [1, 10, 11, 12]
    assert _search(hubspot, ("email", "NOT_CONTAINS_TOKEN", "example")) == []
    groups = [
        {"filters": [{"propertyName": "hs_object_id", "operator": "IN", "values": ["4", "5"]}]},
        {
            "filters": [
                {"propertyName": "hs_object_id", "operator": "NOT_IN", "values": ["12"]},
                {"propertyName": "hs_object_id", "operator": "GT", "value": "10"},
            ]
        },
    ]
    sort = {"propertyName": "createdate", "direction": "DESCENDING"}
    found = hubspot.post(f"{DATED}/contacts/search", filterGroups=groups, sorts=[sort]).json()
    assert (found["total"], ids(found)) == (3, ["11", "5", "4"])


def test_search_pages_by_place_and_carries_no_limit_headers(hubspot: Caller) -> None:
    first = hubspot.post(f"{DATED}/contacts/search", limit=7, properties=["email"])
    second = hubspot.post(f"{DATED}/contacts/search", limit=7, after=first.json()["paging"]["next"]["after"])
    assert (first.json()["total"], len(first.json()["results"])) == (12, 7)
    assert ids(second.json()) == ["8", "9", "10", "11", "12"]
    assert "paging" not in second.json()
    assert not any(name.lower().startswith("x-hubspot") for name in first.headers)
    listed = hubspot.get(f"{DATED}/contacts").headers
    assert listed["X-HubSpot-RateLimit-Max"] == "190"
    assert listed["X-HubSpot-RateLimit-Interval-Milliseconds"] == "10000"
    assert int(listed["X-HubSpot-RateLimit-Daily-Remaining"]) == int(listed["X-HubSpot-RateLimit-Daily"]) - 3


def test_search_ends_at_10000_results(api: HubSpotApi, hubspot: Caller) -> None:
    moment = "2026-11-01T12:00:00.000Z"
    api.crm.tables["deals"].bulk(
        10_300, lambda number: Record(number, {"hs_object_id": str(number)}, moment, moment)
    )
    sort = {"propertyName": "hs_object_id", "direction": "ASCENDING"}
    last = hubspot.post(f"{DATED}/deals/search", sorts=[sort], limit=200, after="9800").json()
    assert (last["total"], ids(last)[-1], last["paging"]["next"]["after"]) == (10_300, "10000", "10000")
    beyond = hubspot.post(f"{DATED}/deals/search", sorts=[sort], limit=200, after="10000")
    assert (beyond.status_code, beyond.json()["errors"][0]["in"]) == (400, "after")


def test_search_refuses_what_hubspot_refuses(api: HubSpotApi, hubspot: Caller) -> None:
    one = {"propertyName": "email", "operator": "HAS_PROPERTY"}
    for body in (
        {"limit": 201},
        {"filterGroups": [{"filters": [one]}] * 6},
        {"filterGroups": [{"filters": [one] * 7}]},
        {"sorts": [{"propertyName": "email"}, {"propertyName": "createdate"}]},
        {"filterGroups": [{"filters": [{"propertyName": "email", "operator": "LIKE", "value": "a"}]}]},
    ):
        assert hubspot.post(f"{DATED}/contacts/search", **body).status_code == 400
        assert refused_request(api)
    unknown = {"propertyName": "no_such", "operator": "HAS_PROPERTY"}
    nineteen = [{"filters": [one] * 5}] * 3 + [{"filters": [one] * 4}]
    for groups in ([{"filters": [unknown]}], nineteen):
        assert hubspot.post(f"{DATED}/contacts/search", filterGroups=groups).status_code == 400


def test_search_index_lags(api: HubSpotApi, hubspot: Caller) -> None:
    api.crm.now, api.crm.index_lag = NOON + 12 * HOUR, timedelta(minutes=90)
    assert hubspot.post(f"{DATED}/contacts/search").json()["total"] == 10
    api.crm.update("contacts", 1, at=NOON + 12 * HOUR, lifecyclestage="customer")
    assert hubspot.post(f"{DATED}/contacts/search").json()["total"] == 9
