"""Change history from events: what was after and before, what Stripe forgets, shapes of older versions."""

from __future__ import annotations

from datetime import timedelta

from tests.contract.landed import Workbench
from tests.contract.stripe.billing import DAY, HOUR, NOON, TEAM, TOOLS, repriced, subscribe
from tests.fakes.stripe import StripeApi
from tests.fakes.stripe_rows import coupon, discount, item, price, seconds

PRO = price(2, "5000", at=NOON - 90 * DAY, of=TOOLS, nickname="Pro")
STATES = (
    "select type, phase, item_id, status, nickname, quantity from raw.stripe__events "
    "order by event_created, phase desc, item_id"
)


def test_an_event_tells_what_was_after_and_before(api: StripeApi, bench: Workbench) -> None:
    held = subscribe(api, 1, at=NOON - 3 * DAY, status="trialing")
    api.change("sub_0001", at=NOON - 2 * DAY, status="active", items=repriced(held, PRO, quantity=4))
    api.cancel("sub_0001", at=NOON - DAY)
    bench.landed(NOON)
    created, updated, deleted = (
        f"customer.subscription.{word}" for word in ("created", "updated", "deleted")
    )
    assert bench.rows(STATES) == [
        (created, "after", "si_0001", "trialing", "Team", 1),
        (updated, "before", "si_0001", "trialing", "Team", 1),
        (updated, "after", "si_0001", "active", "Pro", 4),
        (deleted, "after", "si_0001", "canceled", "Pro", 4),
    ]


def test_items_that_come_and_go_are_told(api: StripeApi, bench: Workbench) -> None:
    held = subscribe(api, 1, at=NOON - 3 * DAY)
    api.change("sub_0001", at=NOON - 2 * DAY, items=[item(7, PRO, at=NOON - 2 * DAY)])
    assert held["items"][0]["id"] == "si_0007"
    bench.landed(NOON)
    told = "select phase, item_id, item_ids, has_all_items from raw.stripe__events where type like '%updated' order by 1"
    assert bench.rows(told) == [("after", "si_0007", "si_0007", True), ("before", "si_0001", "si_0001", True)]


def test_an_event_that_has_no_room_for_all_items_says_so(api: StripeApi, bench: Workbench) -> None:
    held = subscribe(api, 1, at=NOON - 3 * DAY)
    api.change(
        "sub_0001", at=NOON - DAY, items=held["items"] + [item(n, TEAM, at=NOON - DAY) for n in range(2, 14)]
    )
    bench.landed(NOON)
    told = "select count(*), bool_or(has_all_items) from raw.stripe__events where phase = 'after' and type like '%updated'"
    assert bench.rows(told) == [(10, False)]


def test_what_stripe_forgets_stays_and_what_happened_before_is_not_told(
    api: StripeApi, bench: Workbench
) -> None:
    subscribe(api, 1, at=NOON - 40 * DAY)
    api.change("sub_0001", at=NOON - 35 * DAY, items=repriced(api.subscriptions["sub_0001"], PRO))
    api.change("sub_0001", at=NOON - 10 * DAY, cancel_at_period_end=True)
    bench.landed(NOON)
    moments = "select distinct event_created from raw.stripe__events where not _is_deleted order by 1"
    assert len(bench.rows(moments)) == 1
    api.now = NOON + 35 * DAY
    api.cancel("sub_0001", at=NOON + 34 * DAY)
    landed = bench.landed(NOON + 35 * DAY)
    assert landed["events"].rows == 1
    assert len(bench.rows(moments)) == 2
    assert bench.rows("select count(*) from raw.stripe__events where _is_deleted") == [(0,)]


def test_a_later_run_asks_for_events_since_the_newest(api: StripeApi, bench: Workbench) -> None:
    subscribe(api, 1, at=NOON - 5 * DAY)
    bench.landed(NOON)
    api.seen.clear()
    api.now = NOON + DAY
    api.change("sub_0001", at=NOON + HOUR, status="past_due")
    assert bench.landed(NOON + DAY)["events"].rows == 2
    since = {seen.query.get("created[gte]") for seen in api.seen if seen.path == "/v1/events"}
    assert str(seconds(NOON - 6 * DAY)) in since


def test_discounts_are_told_by_events_too(api: StripeApi, bench: Workbench) -> None:
    subscribe(api, 1, at=NOON - 5 * DAY)
    given = discount(1, coupon(1, at=NOON - 9 * DAY, percent=20), at=NOON - 4 * DAY)
    api.discount("sub_0001", [given], at=NOON - 4 * DAY)
    api.discount("sub_0001", [], at=NOON - 2 * DAY)
    bench.landed(NOON)
    assert bench.rows(
        "select type, discount_id, subscription_id, percent_off, duration from raw.stripe__discount_events order by 1"
    ) == [
        (f"customer.discount.{word}", "di_0001", "sub_0001", 20, "forever") for word in ("created", "deleted")
    ]
    lists = "select phase, discount_ids from raw.stripe__events where type like '%updated' order by event_created, 1 desc"
    assert bench.rows(lists) == [
        ("before", None),
        ("after", "di_0001"),
        ("before", "di_0001"),
        ("after", None),
    ]
    assert bench.rows("select count(*) from raw.stripe__discounts") == [(0,)]


def test_events_of_older_versions_are_read_in_their_shape(api: StripeApi, bench: Workbench) -> None:
    """Before 2025 the period and one whole discount stood on the subscription."""
    api.api_version = "2023-10-16"
    subscribe(api, 1, at=NOON - 5 * DAY)
    old = api.events[-1]["data"]["object"]
    for each in old["items"]["data"]:
        del each["current_period_start"], each["current_period_end"], each["discounts"]
    ends = NOON + timedelta(days=25)
    given = coupon(1, at=NOON - 9 * DAY, percent=15)
    del old["discounts"]
    old |= {
        "current_period_start": seconds(NOON - 5 * DAY),
        "current_period_end": seconds(ends),
        "discount": {
            "id": "di_0009",
            "object": "discount",
            "coupon": given,
            "start": seconds(NOON),
            "end": None,
        },
    }
    bench.landed(NOON)
    assert bench.rows("select api_version, current_period_end from raw.stripe__events") == [
        ("2023-10-16", ends.replace(tzinfo=None))
    ]
    assert bench.rows(
        "select discount_id, subscription_id, percent_off from raw.stripe__discount_events"
    ) == [("di_0009", "sub_0001", 15)]


def test_without_events_all_else_lands(api: StripeApi, bench: Workbench) -> None:
    subscribe(api, 1, at=NOON - 5 * DAY)
    api.forbidden = {"events"}
    landed = bench.landed(NOON, without=["events"])
    assert "events" not in landed
    assert landed["subscriptions"].rows == 1
