"""Subscriptions and what hangs on them: statuses, items, discounts, prices, customers."""

from __future__ import annotations

from decimal import Decimal

from tests.contract.landed import Workbench
from tests.contract.stripe.billing import DAY, HOUR, NOON, TEAM, TOOLS, subscribe
from tests.fakes.stripe import EMBEDDED_ITEMS, StripeApi
from tests.fakes.stripe_rows import coupon, discount, item, price, tier

STATUSES = (
    "incomplete",
    "incomplete_expired",
    "trialing",
    "active",
    "past_due",
    "canceled",
    "unpaid",
    "paused",
    "a_status_of_2031",
)


def test_subscriptions_of_every_status_land(api: StripeApi, bench: Workbench) -> None:
    for number, status in enumerate(STATUSES, start=1):
        subscribe(api, number, at=NOON - number * HOUR, status=status)
    bench.landed(NOON, page_size=2)
    landed = bench.rows("select status from raw.stripe__subscriptions order by subscription_id")
    assert [status for (status,) in landed] == list(STATUSES)
    asked = [seen for seen in api.seen if seen.path == "/v1/subscriptions"]
    assert len(asked) == 5
    assert {seen.query["status"] for seen in asked} == {"all"}
    assert [seen.query.get("starting_after") for seen in asked] == [
        None,
        *(f"sub_{number:04}" for number in (2, 4, 6, 8)),
    ]


def test_every_call_bears_the_pinned_version(api: StripeApi, bench: Workbench) -> None:
    subscribe(api, 1, at=NOON - HOUR)
    bench.landed(NOON)
    assert {seen.headers["Stripe-Version"] for seen in api.seen} == {"2026-10-28.endive"}
    api.seen.clear()
    bench.landed(NOON, api_version="2027-01-01.flower")
    assert {seen.headers["Stripe-Version"] for seen in api.seen} == {"2027-01-01.flower"}


def test_items_that_a_subscription_has_no_room_for_are_listed(api: StripeApi, bench: Workbench) -> None:
    held = subscribe(api, 1, at=NOON - HOUR)
    given = coupon(1, at=NOON - DAY, percent=10)
    more = [
        item(
            number, TEAM, at=NOON - HOUR, quantity=number, discounts=[discount(number, given, at=NOON - HOUR)]
        )
        for number in range(2, EMBEDDED_ITEMS + 16)
    ]
    held["items"] += more
    bench.landed(NOON, page_size=7)
    counted = "count(*), count(distinct item_id), sum(quantity), bool_and(subscription_id = 'sub_0001')"
    total = 1 + sum(range(2, EMBEDDED_ITEMS + 16))
    assert bench.rows(f"select {counted} from raw.stripe__subscription_items") == [(25, 25, total, True)]
    told = "count(*), count(distinct item_id), count(percent_off)"
    # Those in the list are too deep for their coupon, those asked for alone are not.
    assert bench.rows(f"select {told} from raw.stripe__discounts") == [(24, 24, 15)]
    (ids,) = bench.rows("select item_ids from raw.stripe__subscriptions")[0]
    assert len(ids.split(";")) == 25
    asked = [seen for seen in api.seen if seen.path == "/v1/subscription_items"]
    assert [seen.query["starting_after"] for seen in asked] == ["si_0010", "si_0017", "si_0024"]


def test_prices_land_exactly_with_tiers_packages_and_parts_of_a_cent(
    api: StripeApi, bench: Workbench
) -> None:
    made = NOON - 60 * DAY
    subscribe(api, 1, at=NOON - HOUR, of=price(2, "0.123456789012", at=made, of=TOOLS))
    subscribe(api, 2, at=NOON - 2 * HOUR, of=price(3, "98765432101", at=made, of=TOOLS, currency="vnd"))
    tiers = [tier(10, 500), tier(None, None, 1200)]
    tiered = price(4, None, at=made, of=TOOLS, tiers=tiers, tiers_mode="graduated", interval="year")
    subscribe(api, 3, at=NOON - 3 * HOUR, of=tiered, quantity=11)
    package = {"divide_by": 100, "round": "up"}
    metered = price(5, "7", at=made, of=TOOLS, usage_type="metered", package=package, active=False)
    subscribe(api, 4, at=NOON - 4 * HOUR, of=metered, quantity=None)
    bench.landed(NOON)

    exact = bench.rows(
        "select unit_amount_decimal, quantity, usage_type, tiers_mode from raw.stripe__subscription_items order by item_id"
    )
    assert exact == [
        (Decimal("0.123456789012"), 1, "licensed", None),
        (Decimal(98765432101), 1, "licensed", None),
        (None, 11, "licensed", "graduated"),
        (Decimal(7), None, "metered", None),
    ]
    prices = bench.rows(
        "select price_id, pricing_tiers, product_name, interval, package_size, package_rounding, is_active "
        "from raw.stripe__prices where price_id >= 'price_0004' order by 1"
    )
    told = (
        '[{"up_to": 10, "unit_amount": "500", "flat_amount": "0"}, '
        '{"up_to": null, "unit_amount": "0", "flat_amount": "1200"}]'
    )
    assert prices == [
        ("price_0004", told, "ابزار", "year", None, None, True),
        ("price_0005", None, "ابزار", "month", 100, "up", False),
    ]


def test_periods_stand_on_items_and_discounts_on_both(api: StripeApi, bench: Workbench) -> None:
    begun = NOON - 10 * DAY
    held = subscribe(api, 1, at=begun)
    third = coupon(1, at=begun, percent=33.3, duration="repeating", months=3)
    off = coupon(2, at=begun, amount=500, currency="eur", duration="once")
    api.coupons = {third["id"]: third, off["id"]: off}
    api.discount(held["id"], [discount(1, third, at=begun, end=begun + 90 * DAY)], at=begun + HOUR)
    held["items"][0]["discounts"] = [discount(2, off, at=begun, subscription_item="si_0001")]
    bench.landed(NOON)

    assert bench.rows("select current_period_end - item_created from raw.stripe__subscription_items") == [
        (30 * DAY,)
    ]
    assert bench.rows("select discount_ids, item_ids from raw.stripe__subscriptions") == [
        ("di_0001", "si_0001")
    ]
    assert bench.rows("select item_discount_ids from raw.stripe__subscription_items") == [("di_0002",)]
    told = "discount_id, subscription_id, item_id, coupon_id, percent_off, amount_off, duration"
    # Coupons of items are too deep to be written out with the list; the list of coupons has them.
    assert bench.rows(f"select {told} from raw.stripe__discounts order by 1") == [
        ("di_0001", "sub_0001", None, "coupon_0001", Decimal("33.3"), None, "repeating"),
        ("di_0002", "sub_0001", "si_0001", "coupon_0002", None, None, None),
    ]
    assert bench.rows(
        "select coupon_id, amount_off, coupon_currency, duration from raw.stripe__coupons order by 1"
    ) == [
        ("coupon_0001", None, None, "repeating"),
        ("coupon_0002", 500, "eur", "once"),
    ]


def test_a_pause_a_trial_and_an_end_to_come_land(api: StripeApi, bench: Workbench) -> None:
    subscribe(api, 1, at=NOON - DAY, pause_collection={"behavior": "void", "resumes_at": 1795000000})
    subscribe(api, 2, at=NOON - 2 * DAY, status="trialing", trial_start=1794000000, trial_end=1795000000)
    subscribe(
        api, 3, at=NOON - 3 * DAY, cancel_at_period_end=True, cancel_at=1795000000, canceled_at=1794000000
    )
    bench.landed(NOON)
    told = (
        "pause_behavior, epoch(pause_resumes_at)::bigint, epoch(trial_start)::bigint, epoch(trial_end)::bigint, "
        "cancel_at_period_end, epoch(cancel_at)::bigint, epoch(canceled_at)::bigint"
    )
    assert bench.rows(f"select {told} from raw.stripe__subscriptions order by subscription_id") == [
        ("void", 1795000000, None, None, False, None, None),
        (None, None, 1794000000, 1795000000, False, None, None),
        (None, None, None, None, True, 1795000000, 1794000000),
    ]


def test_of_customers_only_hash_and_country_land(api: StripeApi, bench: Workbench) -> None:
    subscribe(api, 1, at=NOON - HOUR)
    given = coupon(1, at=NOON - DAY, percent=25)
    api.customers["cus_0001"]["discount"] = discount(5, given, at=NOON - DAY, customer="cus_0001")
    bench.landed(NOON)
    assert bench.rows(
        "select customer_id, email_domain, country, discount_id, percent_off, duration from raw.stripe__customers"
    ) == [("cus_0001", "people.example", "DE", "di_0005", Decimal(25), "forever")]
    stored = bench.everything_stored()
    for clear in ("payer1@", "Mina", "Ahmadi", "301234567", "Berlin"):
        assert clear not in stored


def test_what_is_gone_gets_a_tombstone_and_what_stays_lands_once(api: StripeApi, bench: Workbench) -> None:
    for number in (1, 2):
        subscribe(api, number, at=NOON - number * HOUR)
    bench.landed(NOON)
    api.customers.pop("cus_0002")
    landed = bench.landed(NOON + DAY)
    assert (landed["subscriptions"].rows, landed["subscription_items"].rows, landed["customers"].rows) == (
        0,
        0,
        1,
    )
    assert bench.rows("select customer_id from raw.stripe__customers where _is_deleted") == [("cus_0002",)]
