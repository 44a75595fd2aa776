"""Points, costs, errors with status 200, tokens, versions, and who the token is."""

from __future__ import annotations

import pytest

from tests.contract.landed import Workbench, errors_of
from tests.contract.shopify.test_orders import DAY, HOUR, NOON, sell
from tests.fakes.faults import Fault
from tests.fakes.shopify import ACCESS_TOKEN, ShopifyApi


def test_a_throttled_question_waits_until_the_points_are_back(api: ShopifyApi, bench: Workbench) -> None:
    for number in range(1, 4):
        sell(api, number)
    api.order(Fault.THROTTLED, matches=lambda request: "query Orders(" in request.get_json()["query"])
    assert bench.landed(NOON + HOUR)["orders"].rows == 3
    # 500 points asked for, 400 there, 100 a second.
    assert 1.0 in bench.seconds.waits


def test_an_allowance_that_is_nearly_used_up_is_not_run_into(api: ShopifyApi, bench: Workbench) -> None:
    for number in range(1, 60):
        sell(api, number)
    api.bucket.maximum = api.bucket.available = 300.0
    bench.landed(NOON + HOUR, page_size=10, nested_page_size=20, parallel=1)
    # Six pages at 252 points: after each the next waits for its own, so that none is throttled and asked again.
    assert sum("query Orders(" in seen.body["query"] for seen in api.seen) == 6
    assert 2.0 < max(bench.seconds.waits) < 2.7


def test_a_question_that_costs_too_much_is_asked_in_smaller_pages(api: ShopifyApi, bench: Workbench) -> None:
    for number in range(1, 8):
        sell(api, number, line_count=5)
    bench.landed(NOON + HOUR, page_size=100, nested_page_size=100, parallel=1)
    assert bench.rows("select count(*), sum(line_count) from raw.shopify__orders") == [(7, 35)]
    asked = [seen.body["variables"] for seen in api.seen if "query Orders(" in seen.body["query"]]
    assert [(each["first"], each["nested"]) for each in asked] == [(100, 100), (50, 50), (25, 25)]


def test_part_of_the_data_beside_an_error_is_not_the_data(api: ShopifyApi, bench: Workbench) -> None:
    sell(api, 1)
    api.order(Fault.ERROR_WITH_200, times=2)
    assert bench.landed(NOON + HOUR)["orders"].rows == 1
    api.order(Fault.ERROR_WITH_200, times=1000)
    said = errors_of(bench.land(NOON + DAY))["orders"]
    assert "INTERNAL_SERVER_ERROR" in said


def test_a_missing_scope_is_told(api: ShopifyApi, bench: Workbench) -> None:
    api.order(Fault.FORBIDDEN, times=1000)
    said = errors_of(bench.land(NOON))["customers"]
    assert "have no right to this" in said
    assert "grant the app the scopes read_orders and read_customers" in said


def test_a_revoked_token_is_told_without_showing_it(
    api: ShopifyApi, bench: Workbench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    monkeypatch.setenv("SHOP_TOKEN", "shpat_that_was_revoked")
    said = errors_of(bench.land(NOON))
    assert "the credentials are refused" in said["customers"]
    everything = f"{said} {caplog.text} {bench.check(now=NOON)}"
    assert "shpat_that_was_revoked" not in everything
    assert ACCESS_TOKEN not in everything


def test_a_version_that_is_not_there_yet_is_told(api: ShopifyApi, bench: Workbench) -> None:
    said = errors_of(bench.land(NOON, api_version="2031-01"))["customers"]
    assert "there is no such shop, or no such api_version" in said
    assert len(api.seen) <= 2


def test_check_tells_shop_scopes_zone_currency_and_points(api: ShopifyApi, bench: Workbench) -> None:
    told = bench.check(now=NOON)
    assert told.ok
    assert told.summary == (
        "Shopify shop Acme (acme.myshopify.com); scopes read_all_orders, read_customers, read_orders; "
        "zone Europe/Berlin; currency EUR; quota 2,000 of 2,000 points, 100 a second"
    )
    assert told.notes == ()


def test_check_tells_of_sixty_days_and_of_a_retired_version(api: ShopifyApi, bench: Workbench) -> None:
    api.scopes = ("read_orders",)
    notes = bench.check(now=NOON, api_version="2025-01").notes
    assert notes == (
        "orders older than 60 days are out of reach: the app lacks the scope read_all_orders; runs are refused "
        "until it has it or the source says all_orders: false",
        "api_version 2025-01 is retired, Shopify answers with 2026-01: set it",
    )
    assert "runs are refused" not in bench.check(now=NOON, all_orders=False).notes[0]
