"""Lists: proof of their ends, rows that leave or come meanwhile, what hosts do to answers, and who the key is."""

from __future__ import annotations

import pytest
from werkzeug import Request

from tests.contract.landed import Workbench, errors_of
from tests.contract.woocommerce.test_orders import DAY, HOUR, NOON
from tests.fakes.faults import Fault
from tests.fakes.woocommerce import CONSUMER_SECRET, WooCommerceApi
from tests.fakes.woocommerce_rows import line, order


def _fill(api: WooCommerceApi, count: int) -> None:
    for number in range(1, count + 1):
        api.orders[number] = order(number, at=NOON, lines=[line(number, total="10")])


def _is_order_list(request: Request) -> bool:
    return request.path.endswith("/orders") and request.args["status"] == "any"


def test_pages_overlap_by_a_row_and_meet_the_shop_s_own_count(api: WooCommerceApi, bench: Workbench) -> None:
    _fill(api, 11)
    assert bench.landed(NOON + HOUR, page_size=4)["orders"].rows == 11
    lists = [
        seen.query for seen in api.seen if seen.path.endswith("/orders") and seen.query["status"] == "any"
    ]
    assert [query["offset"] for query in lists] == ["0", "3", "6", "9"]
    assert {(query["per_page"], query["orderby"], query["order"]) for query in lists} == {("4", "id", "asc")}
    api.seen.clear()
    bench.landed(NOON + DAY)
    changed = next(seen.query for seen in api.seen if seen.path.endswith("/orders"))
    assert (changed["modified_after"], changed["dates_are_gmt"]) == ("2026-10-31T12:00:00", "true")


def test_an_order_that_goes_while_another_comes_hides_none(api: WooCommerceApi, bench: Workbench) -> None:
    _fill(api, 10)

    def swap() -> None:
        del api.orders[1]
        api.orders[11] = order(11, at=NOON, lines=[line(11, total="10")])

    # The number of orders stays the same, so that counting alone would miss the fifth.
    api.on_request(2, swap, matches=_is_order_list)
    bench.landed(NOON + HOUR, page_size=5)
    landed = bench.rows("select list(order_id::int order by order_id::int) from raw.woocommerce__orders")
    assert landed == [([*range(2, 12)],)]


def test_orders_that_come_at_the_end_disturb_nothing(api: WooCommerceApi, bench: Workbench) -> None:
    _fill(api, 10)
    api.on_request(2, lambda: _fill(api, 13), matches=_is_order_list)
    assert bench.landed(NOON + HOUR, page_size=5)["orders"].rows == 13


def test_without_the_count_a_list_is_not_proven(api: WooCommerceApi, bench: Workbench) -> None:
    _fill(api, 3)
    api.strips_totals = True
    said = errors_of(bench.land(NOON + HOUR))["orders"]
    assert "The header X-WP-Total is missing" in said
    assert bench.rows("select * from raw.woocommerce__orders") == []


def test_a_firewall_s_page_is_told_as_what_it_is(api: WooCommerceApi, bench: Workbench) -> None:
    api.is_closed_by_host = True
    said = errors_of(bench.land(NOON))["orders"]
    assert "the host's firewall turns calls away" in said
    assert len(api.seen) == 2


def test_a_page_of_maintenance_passes(api: WooCommerceApi, bench: Workbench) -> None:
    _fill(api, 3)
    api.order(Fault.HTML_PAGE, times=2)
    assert bench.landed(NOON + HOUR)["orders"].rows == 3


def test_a_site_without_woocommerce_is_told(api: WooCommerceApi, bench: Workbench) -> None:
    api.is_off = True
    told = bench.check(now=NOON)
    assert not told.ok
    assert "rest_no_route" in told.problems[0]
    assert "permalinks are plain, or base_url names another folder" in told.problems[0]


def test_a_key_of_somebody_who_may_not_see_orders_is_told(api: WooCommerceApi, bench: Workbench) -> None:
    api.can_read = False
    said = errors_of(bench.land(NOON))["orders"]
    assert "have no right to this" in said
    assert "the key needs the permission Read" in said


def test_a_wrong_secret_is_told_without_showing_it(
    api: WooCommerceApi, bench: Workbench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    monkeypatch.setenv("SHOP_SECRET", "cs_that_was_revoked")
    said = errors_of(bench.land(NOON))
    assert "the credentials are refused" in said["customers"]
    everything = f"{said} {caplog.text} {bench.check(now=NOON)}"
    assert "cs_that_was_revoked" not in everything
    assert CONSUMER_SECRET not in everything


def test_a_plain_address_is_refused_before_anything_is_sent(bench: Workbench) -> None:
    with pytest.raises(ValueError, match="would send the credentials in clear"):
        bench.source(base_url="http://shop.example")


def test_check_tells_the_shop_its_zone_and_its_unit(api: WooCommerceApi, bench: Workbench) -> None:
    _fill(api, 3)
    told = bench.check(now=NOON)
    assert told.ok
    assert told.summary.startswith("WooCommerce shop فروشگاه سیب (127.0.0.1")
    assert told.summary.endswith("reads orders: 3; zone Asia/Tehran; currency IRT")
    assert told.notes == ("amounts are in IRT; they become rials in the warehouse",)


def test_a_site_that_hides_its_index_can_be_checked_all_the_same(
    api: WooCommerceApi, bench: Workbench
) -> None:
    api.hides_index = True
    told = bench.check(now=NOON)
    assert told.ok
    assert "reads orders: 0" in told.summary
