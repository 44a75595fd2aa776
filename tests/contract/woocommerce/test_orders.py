"""Orders: dates and amounts as they are, guests, lines, refunds, statuses, trash, and what never lands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from connectors.core.redaction import redact
from tests.contract.landed import Workbench, errors_of
from tests.fakes.woocommerce import WooCommerceApi
from tests.fakes.woocommerce_rows import customer, line, order, refund

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def _utc(at: datetime) -> datetime:
    """As instants are stored: UTC without a zone."""
    return at.replace(tzinfo=None)


def _sell(api: WooCommerceApi, number: int, *, at: datetime, **more: object) -> None:
    lines = more.pop("lines", [line(number * 10, total="1250000.05", subtotal="1335000.05", quantity=2)])
    api.orders[number] = order(number, at=at, lines=lines, **more)  # type: ignore[arg-type]  # the builder's own


def test_gregorian_twins_count_though_the_site_writes_jalali_dates(
    api: WooCommerceApi, bench: Workbench
) -> None:
    _sell(api, 1, at=NOON, paid=NOON + HOUR, jalali=True)
    bench.landed(NOON + DAY)
    assert bench.rows(
        "select date_created, date_created_gmt, date_paid_gmt from raw.woocommerce__orders"
    ) == [("1405-08-10T15:30:00", _utc(NOON), _utc(NOON + HOUR))]


def test_a_plugin_that_rewrites_the_twins_too_is_told(api: WooCommerceApi, bench: Workbench) -> None:
    _sell(api, 1, at=NOON, date_created_gmt="1405-08-10T12:00:00")
    said = errors_of(bench.land(NOON + DAY))["orders"]
    assert "date_created_gmt of order 1 is 1405-08-10T12:00:00, which is no Gregorian day" in said
    assert bench.rows("select * from raw.woocommerce__orders") == []


def test_amounts_stay_exact_and_in_the_shop_s_own_unit(api: WooCommerceApi, bench: Workbench) -> None:
    lines = [
        line(1, total="0.1", subtotal="0.3"),
        line(2, total="0.2"),
        line(3, total="12345678901.000001", tax="7", name="سبد"),
    ]
    _sell(api, 1, at=NOON, lines=lines, currency="IRHT", shipping="35000", tax="7")
    bench.landed(NOON + DAY)
    told = "currency, items_subtotal::varchar, items_total::varchar, discount_total::varchar, total::varchar"
    assert bench.rows(f"select {told} from raw.woocommerce__orders") == [
        ("IRHT", "12345678901.500001", "12345678901.300001", "0.200000", "12345713908.300001")
    ]
    assert bench.rows("select count(*), sum(total)::varchar from raw.woocommerce__order_lines") == [
        (3, "12345678901.300001")
    ]


def test_another_shop_under_the_same_id_leaves_nothing_of_the_first(
    api: WooCommerceApi, bench: Workbench
) -> None:
    """Its orders are older than what is known, and one has the number of an order of the first."""
    for number in (1, 2):
        _sell(api, number, at=NOON)
    bench.landed(NOON + HOUR)
    with WooCommerceApi() as other:
        _sell(other, 1, at=NOON - 30 * DAY, currency="EUR")
        bench.landed(NOON + DAY, base_url=other.base_url)
        assert other.violations == []
    newest = "row_number() over (partition by order_id order by _load_id desc) = 1"
    assert bench.rows(
        f"select order_id, currency, _is_deleted from raw.woocommerce__orders qualify {newest} order by 1"
    ) == [("1", "EUR", False), ("2", None, True)]


def test_guests_are_known_by_their_address_alone(api: WooCommerceApi, bench: Workbench) -> None:
    _sell(api, 1, at=NOON, customer_id=0, email="mina@people.example")
    _sell(api, 2, at=NOON, customer_id=26, email="mina@people.example")
    _sell(api, 3, at=NOON, customer_id=0, email="")
    bench.landed(NOON + DAY)
    rows = bench.rows(
        "select customer_id, is_guest, billing_email_hmac, billing_email_domain from raw.woocommerce__orders "
        "order by order_id"
    )
    assert [(row[0], row[1], row[3]) for row in rows] == [
        (None, True, "people.example"),
        ("26", False, "people.example"),
        (None, True, None),
    ]
    assert rows[0][2] == rows[1][2]
    assert rows[2][2] is None


def test_several_refunds_of_a_year_old_order_land_on_their_own_days(
    api: WooCommerceApi, bench: Workbench
) -> None:
    old = NOON - 365 * DAY
    _sell(api, 1, at=old, paid=old, lines=[line(1, total="500"), line(2, total="300")])
    for number in range(2, 30):
        _sell(api, number, at=NOON - 2 * DAY)
    bench.landed(NOON, page_size=10)
    api.seen.clear()
    api.refund(1, refund(91, at=NOON + HOUR, amount="320", goods="300", shipping="20"), at=NOON + HOUR)
    late = NOON + 2 * DAY
    api.refund(1, refund(92, at=late, amount="535"), at=late, status="refunded")

    landed = bench.landed(NOON + 3 * DAY, page_size=10)

    assert landed["orders"].rows == 1
    told = "refund_id, date_created_gmt, amount, part_count, items_total, shipping_total"
    assert bench.rows(f"select {told} from raw.woocommerce__refunds order by 1") == [
        ("91", _utc(NOON + HOUR), 320, 2, -300, -20),
        ("92", _utc(late), 535, 0, 0, 0),
    ]
    newest = (
        "select status, total, refund_ids from raw.woocommerce__orders where order_id = '1' order by _load_id"
    )
    assert bench.rows(newest) == [("completed", 800, None), ("refunded", 800, "91;92")]
    assert sum(seen.path.endswith("/refunds") for seen in api.seen) == 1


def test_more_refunds_than_a_page_are_read_to_their_end(api: WooCommerceApi, bench: Workbench) -> None:
    _sell(api, 1, at=NOON)
    for number in range(1, 8):
        api.refund(1, refund(90 + number, at=NOON + HOUR, amount="5"), at=NOON + HOUR)
    bench.landed(NOON + DAY, page_size=3)
    assert bench.rows("select count(*), sum(amount) from raw.woocommerce__refunds") == [(7, 35)]


def test_a_refund_that_the_order_names_and_the_list_lacks_is_an_error(
    api: WooCommerceApi, bench: Workbench
) -> None:
    stubs = [{"id": 91, "reason": "", "total": "-5"}]
    _sell(api, 1, at=NOON)
    found = api._found  # the shop's own list, with a stub that no refund stands behind
    api._found = lambda request: [row | {"refunds": stubs} for row in found(request)]  # type: ignore[method-assign]
    said = errors_of(bench.land(NOON + DAY))["orders"]
    assert "The order names refunds that don't come: 91." in said
    assert bench.rows("select * from raw.woocommerce__orders") == []


def test_a_deleted_refund_and_a_line_taken_out_show_in_the_order(
    api: WooCommerceApi, bench: Workbench
) -> None:
    _sell(api, 1, at=NOON, lines=[line(10, total="5"), line(11, total="6")])
    api.refund(1, refund(91, at=NOON, amount="5"), at=NOON)
    bench.landed(NOON + HOUR)
    api.refunds[1].clear()
    api.orders[1]["line_items"].pop()
    api.touch(1, at=NOON + 2 * HOUR)
    landed = bench.landed(NOON + DAY)
    assert landed["orders"].rows == 1
    told = "select line_item_ids, refund_ids from raw.woocommerce__orders order by _load_id"
    assert bench.rows(told) == [("10;11", "91"), ("10", None)]


def test_words_of_plugins_land_as_they_are(api: WooCommerceApi, bench: Workbench) -> None:
    _sell(api, 1, at=NOON, status="pws-packaged", utm=("instagram", "social", "پویش‌های ۱۴۰۵"))
    _sell(api, 2, at=NOON, status="on-hold")
    bench.landed(NOON + DAY)
    told = "select status, utm_source, utm_campaign from raw.woocommerce__orders order by order_id"
    assert bench.rows(told) == [("pws-packaged", "instagram", "پویش‌های ۱۴۰۵"), ("on-hold", None, None)]


def test_an_order_in_the_trash_is_known_at_once_and_one_deleted_for_good_at_the_next_whole_list(
    api: WooCommerceApi, bench: Workbench
) -> None:
    _sell(api, 1, at=NOON)
    _sell(api, 2, at=NOON)
    bench.landed(NOON + HOUR)
    api.touch(1, at=NOON + 2 * HOUR, status="trash")
    del api.orders[2]
    bench.landed(NOON + DAY)
    newest = (
        "select order_id, status, _is_deleted from raw.woocommerce__orders "
        "qualify row_number() over (partition by order_id order by _load_id desc) = 1 order by 1"
    )
    assert bench.rows(newest) == [("1", "trash", False), ("2", "completed", False)]
    bench.landed(NOON + 32 * DAY)
    assert bench.rows(newest) == [("1", "trash", False), ("2", None, True)]


def test_accounts_are_read_newest_first_until_what_is_known(api: WooCommerceApi, bench: Workbench) -> None:
    for number in range(1, 41):
        at = NOON - 50 * DAY + number * DAY
        api.customers[number] = customer(number, at=at, email=f"c{number}@people.example")
    api.customers[41] = customer(41, at=NOON, email="boss@shop.example", role="administrator")
    assert bench.landed(NOON, page_size=5)["customers"].rows == 41
    api.seen.clear()
    api.customers[42] = customer(42, at=NOON + HOUR, email="new@people.example")
    assert bench.landed(NOON + DAY, page_size=5)["customers"].rows == 1
    assert sum(seen.path.endswith("/customers") for seen in api.seen) == 1


def test_what_people_are_called_and_wrote_is_not_even_sent(api: WooCommerceApi, bench: Workbench) -> None:
    _sell(api, 1, at=NOON, email="mina@people.example")
    api.refund(1, refund(91, at=NOON, amount="5", reason="مینا احمدی پس داد"), at=NOON)
    api.customers[1] = customer(1, at=NOON, email="mina@people.example")
    bench.landed(NOON + DAY)
    stored = bench.everything_stored()
    for clear in ("مینا", "احمدی", "ولیعصر", "0912000", "mina@"):
        assert clear not in stored
    asked = [seen.query["_fields"] for seen in api.seen if "_fields" in seen.query]
    assert asked
    assert not any(word in fields for fields in asked for word in ("first_name", "phone", "address", "note"))
    assert redact("cs_of_the_local_server") == "***"
