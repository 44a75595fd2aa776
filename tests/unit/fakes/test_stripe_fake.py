"""The Stripe server: lists, expansion, events and its refusals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from tests.fakes.faults import Fault
from tests.fakes.stripe import EMBEDDED_ITEMS, KEY, StripeApi
from tests.fakes.stripe_rows import (
    Record,
    coupon,
    customer,
    discount,
    item,
    price,
    product,
    subscription,
    tier,
)

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TIERED = price(1, None, at=NOON, of=product(1, "سیب"), tiers=[tier(None, 5)], tiers_mode="volume")


@pytest.fixture
def api() -> Iterator[StripeApi]:
    """An account with subscriptions 1 to 5, an hour apart, the first of which is cancelled; not held to the contract."""
    with StripeApi() as server:
        server.checks_contract = False
        server.now = NOON + DAY
        for number in range(1, 6):
            at = NOON + number * HOUR
            server.subscribe(
                subscription(number, [item(number, TIERED, at=at)], at=at, customer="cus_0001"), at=at
            )
        server.cancel("sub_0001", at=NOON + 6 * HOUR)
        yield server


def _get(api: StripeApi, path: str, *, key: str = KEY, **query: Any) -> requests.Response:
    asked = {name.replace("__", "[gte]").replace("_in", "[]"): value for name, value in query.items()}
    return requests.get(
        f"{api.base_url}/v1/{path}", params=asked, headers={"Authorization": f"Bearer {key}"}, timeout=30
    )


def _ids(answer: requests.Response) -> list[str]:
    return [row["id"] for row in answer.json()["data"]]


def _code(answer: requests.Response) -> tuple[int, str | None]:
    error: Record = answer.json()["error"]
    return answer.status_code, error.get("code")


def test_cancelled_ones_are_missing_unless_all_are_asked_for(api: StripeApi) -> None:
    assert _ids(_get(api, "subscriptions")) == [f"sub_{number:04}" for number in (5, 4, 3, 2)]
    assert len(_ids(_get(api, "subscriptions", status="all"))) == 5
    assert _ids(_get(api, "subscriptions", status="canceled")) == ["sub_0001"]


def test_pages_go_on_behind_an_id_whatever_comes_meanwhile(api: StripeApi) -> None:
    first = _get(api, "subscriptions", status="all", limit=2)
    assert (_ids(first), first.json()["has_more"]) == (["sub_0005", "sub_0004"], True)
    at = NOON + 7 * HOUR
    api.subscribe(subscription(9, [item(9, TIERED, at=at)], at=at, customer="cus_0001"), at=at)
    second = _get(api, "subscriptions", status="all", limit=3, starting_after="sub_0004")
    assert (_ids(second), second.json()["has_more"]) == (["sub_0003", "sub_0002", "sub_0001"], False)


def test_what_is_not_asked_for_is_an_id_or_absent(api: StripeApi) -> None:
    given = coupon(1, at=NOON, percent=5, products=["prod_0001"])
    api.discount("sub_0005", [discount(1, given, at=NOON)], at=NOON + 8 * HOUR)
    api.customers["cus_0001"] = customer(1, "a@b.example", at=NOON, discount=discount(2, given, at=NOON))

    def newest(*paths: str) -> Record:
        record: Record = _get(api, "subscriptions", expand_in=paths).json()["data"][0]
        return record

    plain = newest()
    assert plain["discounts"] == ["di_0001"]
    assert "tiers" not in plain["items"]["data"][0]["price"]
    assert plain["items"]["data"][0]["price"]["product"] == "prod_0001"
    assert newest("data.discounts")["discounts"][0]["source"]["coupon"] == "coupon_0001"
    whole = newest("data.discounts.source.coupon")["discounts"][0]["source"]["coupon"]
    assert (whole["percent_off"], "applies_to" in whole) == (5, False)
    assert _get(api, "customers").json()["data"][0]["discount"]["source"]["coupon"] == "coupon_0001"
    refused = _get(api, "subscriptions", expand_in=["data.items.data.price.tiers"])
    assert refused.status_code == 400
    assert "more than 4 levels" in refused.json()["error"]["message"]


def test_items_beyond_the_short_list_are_listed_apart(api: StripeApi) -> None:
    api.subscriptions["sub_0005"]["items"] += [item(n, TIERED, at=NOON) for n in range(20, 35)]
    shown = _get(api, "subscriptions", limit=1).json()["data"][0]["items"]
    assert (len(shown["data"]), shown["has_more"]) == (EMBEDDED_ITEMS, True)
    rest = _get(
        api, "subscription_items", subscription="sub_0005", limit=100, starting_after=shown["data"][-1]["id"]
    )
    assert len(_ids(rest)) == 6


def test_events_tell_what_was_before_and_are_forgotten(api: StripeApi) -> None:
    api.change("sub_0002", at=NOON + 7 * HOUR, status="past_due")
    newest = _get(api, "events", limit=1).json()["data"][0]
    assert newest["type"] == "customer.subscription.updated"
    assert newest["data"]["object"]["status"] == "past_due"
    assert newest["data"]["previous_attributes"] == {"status": "active"}
    assert len(_ids(_get(api, "events", types_in=["customer.subscription.deleted"]))) == 1
    assert len(_ids(_get(api, "events", limit=100, created__=int((NOON + 5 * HOUR).timestamp())))) == 3
    api.now = NOON + 30 * DAY + 7 * HOUR
    assert len(_ids(_get(api, "events", limit=100))) == 1


@pytest.mark.parametrize(
    ("path", "query", "told"),
    [
        ("subscriptions", {"limit": 101}, (400, "parameter_invalid_integer")),
        ("subscriptions", {"limit": "many"}, (400, "parameter_invalid_integer")),
        ("subscriptions", {"since": 1}, (400, "parameter_unknown")),
        ("subscriptions", {"starting_after": "sub_9"}, (400, "resource_missing")),
        ("invoices/in_9", {}, (404, "resource_missing")),
        ("charges", {}, (404, None)),
        ("subscriptions", {"key": "sk_live_of_somebody_else"}, (401, None)),
    ],
)
def test_refusals_are_in_its_form(
    api: StripeApi, path: str, query: dict[str, Any], told: tuple[int, str | None]
) -> None:
    assert _code(_get(api, path, **query)) == told


def test_rights_and_faults_are_in_its_form(api: StripeApi) -> None:
    api.forbidden = {"invoices"}
    refused = _get(api, "invoices")
    assert refused.status_code == 403
    assert "rak_invoice_read" in refused.json()["error"]["message"]
    api.should_retry = "true"
    api.order(Fault.THROTTLED)
    limited = _get(api, "subscriptions")
    assert _code(limited) == (429, "rate_limit")
    assert limited.headers["Stripe-Should-Retry"] == "true"
    assert "Retry-After" not in limited.headers
    assert limited.headers["Request-Id"]
    assert _get(api, "subscriptions").status_code == 200
