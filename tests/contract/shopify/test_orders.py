"""Orders: amounts and moments as they are, nested lists to their ends, refunds, tests, old orders, people."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.contract.landed import Workbench, errors_of
from tests.fakes.shopify import ShopifyApi
from tests.fakes.shopify_rows import Customer, Line, Order, Refund

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def sell(api: ShopifyApi, number: int, *, at: datetime = NOON, line_count: int = 1, **more: Any) -> Order:
    """An order of some lines at 10.00 each."""
    lines = [
        Line(number=number * 1000 + place, title=f"Anvil {place}", total="10.00", tax=("1.60",))
        for place in range(line_count)
    ]
    api.orders[number] = Order(number=number, at=at, **{"lines": lines, **more})
    return api.orders[number]


def _asked(api: ShopifyApi, name: str) -> int:
    return sum(f"query {name}(" in seen.body["query"] for seen in api.seen)


def test_orders_land_with_exact_amounts_and_the_number_of_their_gid(
    api: ShopifyApi, bench: Workbench
) -> None:
    api.customers[7] = Customer(number=7, at=NOON, email="mina@people.example")
    lines = [
        Line(number=1, title="Anvil", total="0.1", tax=("0.02", "0.01"), quantity=3, current_quantity=2),
        Line(number=2, title="هاون", total="12345678901.25", discount="0.05", sku="H-1"),
    ]
    imported = NOON - 400 * DAY
    sell(
        api,
        1,
        at=imported,
        created=NOON,
        lines=lines,
        order_discount="0.10",
        shipping="4.90",
        customer=7,
        email="Mina@people.example",
        utm=("google", "cpc", "پاییز"),
    )
    bench.landed(NOON + DAY)
    told = (
        "order_id, name, processed_at, created_at, subtotal_price::varchar, total_price::varchar, customer_id"
    )
    assert bench.rows(f"select {told}, utm_campaign, line_count from raw.shopify__orders") == [
        (
            "1",
            "#1",
            imported.replace(tzinfo=None),
            NOON.replace(tzinfo=None),
            "12345678901.200000",
            "12345678906.100000",
            "7",
            "پاییز",
            2,
        )
    ]
    told = (
        "line_id, title, quantity, current_quantity, original_total::varchar, discounted_total::varchar, tax"
    )
    assert bench.rows(f"select {told}::varchar from raw.shopify__order_lines order by 1") == [
        ("1", "Anvil", 3, 2, "0.100000", "0.100000", "0.030000"),
        ("2", "هاون", 1, 1, "12345678901.250000", "12345678901.200000", "0.000000"),
    ]
    of_order = bench.rows("select email_hmac from raw.shopify__orders")
    assert of_order == bench.rows("select email_hmac from raw.shopify__customers")
    assert "ina@people" not in bench.everything_stored()


def test_lines_are_read_to_their_end_however_few_come_with_an_order(
    api: ShopifyApi, bench: Workbench
) -> None:
    for number, lines in ((1, 3), (2, 4), (3, 11), (4, 0)):
        sell(api, number, line_count=lines)
    bench.landed(NOON + DAY, nested_page_size=4, page_size=3)
    counts = "select order_id, line_count, items_tax::double from raw.shopify__orders order by 1"
    assert bench.rows(counts) == [("1", 3, 4.8), ("2", 4, 6.4), ("3", 11, 17.6), ("4", 0, 0.0)]
    assert bench.rows("select count(*), count(distinct line_id) from raw.shopify__order_lines") == [(18, 18)]
    # Only the order with more than four lines is asked again, three at a time as pages are.
    assert _asked(api, "OrderLines") == 3


def test_refunds_and_their_lines_are_read_to_their_end(api: ShopifyApi, bench: Workbench) -> None:
    sell(api, 1)
    for number in range(1, 6):
        lines = [("2.50", "0.40")] * (7 if number == 1 else 1)
        back = Refund(number=90 + number, at=NOON + number * DAY, money="2.50", lines=lines)
        api.refund(1, back, status="PARTIALLY_REFUNDED")
    sell(api, 2)
    bench.landed(NOON + 6 * DAY, nested_page_size=3, page_size=2)
    told = "refund_id, created_at::date, line_count, items_subtotal::double, items_tax::double"
    rows = bench.rows(f"select {told} from raw.shopify__refunds order by 1")
    assert rows[0] == ("91", date(2026, 11, 2), 7, 17.5, 2.8)
    assert rows[1:] == [(str(90 + number), date(2026, 11, 1 + number), 1, 2.5, 0.4) for number in range(2, 6)]
    # A list as long as what was asked for may be cut: all are asked for then, and the lines of each apart.
    assert (_asked(api, "OrderRefunds"), _asked(api, "AllRefunds")) == (1, 1)
    assert _asked(api, "RefundLines") == 4 + 4


@pytest.mark.parametrize("others", [0, 5])
def test_shipping_that_is_given_back_is_told_apart_and_read_to_its_end(
    api: ShopifyApi, bench: Workbench, others: int
) -> None:
    """However many refunds the order has: beside many of them no lines come."""
    sell(api, 1, shipping="4.90")
    sell(api, 2)
    back = Refund(number=91, at=NOON + DAY, money="4.90", shipping=[("1.50", "0.25"), ("3.40", "0.50")])
    api.refund(1, back, status="PARTIALLY_REFUNDED")
    for number in range(others):
        api.refund(1, Refund(number=92 + number, at=NOON, money="0.01"), status="PARTIALLY_REFUNDED")
    bench.landed(NOON + 2 * DAY, nested_page_size=3, page_size=2)
    told = "line_count, total_refunded::double, shipping_subtotal::double, shipping_tax::double"
    assert bench.rows(f"select {told} from raw.shopify__refunds where refund_id = '91'") == [
        (0, 4.9, 4.9, 0.75)
    ]
    assert bench.rows("select count(*), sum(shipping_subtotal)::double from raw.shopify__refunds") == [
        (1 + others, 4.9)
    ]


def test_a_list_of_refunds_that_may_be_cut_is_an_error(api: ShopifyApi, bench: Workbench) -> None:
    sell(api, 1)
    api.orders[1].refunds = [Refund(number=n, at=NOON, money="0.01") for n in range(1, 301)]
    said = errors_of(bench.land(NOON + DAY))["orders"]
    assert "250 refunds came, and there may be more" in said
    assert bench.rows("select * from raw.shopify__orders") == []


def test_a_connection_that_says_more_and_leads_nowhere_is_an_error(api: ShopifyApi, bench: Workbench) -> None:
    sell(api, 1)
    end = {"hasNextPage": True, "endCursor": None}

    def cut(data: dict[str, Any]) -> dict[str, Any]:
        for node in data.get("orders", {}).get("nodes", []):
            node["lineItems"]["pageInfo"] = end
        return data

    api.reshape, api.lies = cut, True
    said = errors_of(bench.land(NOON + DAY))["orders"]
    assert "More is said to follow, and nothing leads there" in said


def test_only_what_changed_is_asked_for_and_a_refund_on_a_year_old_order_is(
    api: ShopifyApi, bench: Workbench
) -> None:
    for number in range(1, 30):
        sell(api, number, at=NOON - (400 - number) * DAY)
    sell(api, 30, at=NOON)
    bench.landed(NOON + HOUR)
    api.seen.clear()
    back = Refund(number=91, at=NOON + DAY, money="10.00", lines=[("10.00", "1.60")])
    api.refund(3, back, status="REFUNDED")

    landed = bench.landed(NOON + 2 * DAY)

    assert (landed["orders"].rows, landed["refunds"].rows) == (1, 1)
    asked = [seen.body["variables"]["query"] for seen in api.seen if "query Orders(" in seen.body["query"]]
    assert {*asked} == {"updated_at:>='2026-10-31T12:00:00Z'"}


def test_tests_and_cancelled_orders_land_as_such(api: ShopifyApi, bench: Workbench) -> None:
    sell(api, 1, test=True)
    sell(api, 2, cancelled=NOON + HOUR, financial_status="VOIDED")
    sell(api, 3, financial_status="STATUS_OF_2031", customer=None, email=None, country=None)
    bench.landed(NOON + DAY)
    told = "order_id, test, cancelled_at is not null, display_financial_status, billing_country"
    assert bench.rows(f"select {told} from raw.shopify__orders order by 1") == [
        ("1", True, False, "PAID", "DE"),
        ("2", False, True, "VOIDED", "DE"),
        ("3", False, False, "STATUS_OF_2031", None),
    ]


def test_a_deleted_order_gets_a_tombstone_at_the_next_whole_list(api: ShopifyApi, bench: Workbench) -> None:
    sell(api, 1)
    sell(api, 2)
    bench.landed(NOON + HOUR)
    del api.orders[1]
    gone = "select order_id from raw.shopify__orders where _is_deleted"
    bench.landed(NOON + DAY)
    assert bench.rows(gone) == []
    bench.landed(NOON + 31 * DAY)
    assert bench.rows(gone) == [("1",)]


def test_without_the_scope_for_all_orders_nothing_passes_for_deleted_or_for_none(
    api: ShopifyApi, bench: Workbench
) -> None:
    sell(api, 1, at=NOON - 50 * DAY)
    sell(api, 2, at=NOON - 70 * DAY)
    api.scopes, api.now = ("read_orders", "read_customers"), NOON
    said = errors_of(bench.land(NOON))["orders"]
    assert "the app lacks the scope read_all_orders" in said
    assert "write `all_orders: false`" in said
    said = errors_of(bench.land(NOON, all_orders=False))["orders"]
    assert "start is 2025-09-01" in said
    assert "shows orders since 2026-09-02 only" in said
    recent = {"all_orders": False, "start": date(2026, 9, 5)}
    assert bench.landed(NOON, **recent)["orders"].rows == 1
    later = NOON + 100 * DAY
    api.now = later
    sell(api, 3, at=later - DAY)
    assert bench.landed(later, **recent)["orders"].rows == 1
    assert bench.rows("select order_id, _is_deleted from raw.shopify__orders order by 1") == [
        ("1", False),
        ("3", False),
    ]


def test_customers_land_by_change(api: ShopifyApi, bench: Workbench) -> None:
    for number in range(1, 8):
        api.customers[number] = Customer(number=number, at=NOON - 9 * DAY, email=f"c{number}@people.example")
    api.customers[8] = Customer(number=8, at=NOON, email=None, state="INVITED", orders=0)
    assert bench.landed(NOON, page_size=3)["customers"].rows == 8
    api.customers[3].updated, api.customers[3].orders = NOON + DAY, 12
    assert bench.landed(NOON + 2 * DAY, page_size=3)["customers"].rows == 1
    told = "select number_of_orders, email_domain from raw.shopify__customers"
    assert bench.rows(f"{told} where customer_id = '3' order by _load_id") == [
        (1, "people.example"),
        (12, "people.example"),
    ]


def test_without_access_to_people_their_addresses_are_not_asked_for(
    api: ShopifyApi, bench: Workbench
) -> None:
    sell(api, 1, email="mina@people.example")
    api.sees_people = False
    said = errors_of(bench.land(NOON + HOUR))["orders"]
    assert "write `customer_data: false`" in said
    bench.landed(NOON + HOUR, customer_data=False)
    assert bench.rows("select order_id, email_hmac, billing_country from raw.shopify__orders") == [
        ("1", None, None)
    ]


def test_another_order_is_an_error(api: ShopifyApi, bench: Workbench) -> None:
    sell(api, 1, updated=NOON)
    sell(api, 2, updated=NOON + HOUR)

    def turned(data: dict[str, Any]) -> dict[str, Any]:
        if "orders" in data:
            data["orders"]["nodes"].reverse()
        return data

    api.reshape = turned
    said = errors_of(bench.land(NOON + DAY))["orders"]
    assert "don't come in the order of their changes" in said
