"""Orion's billing in Stripe: what happens there is what the file of changes tells, in Stripe's own ways."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from tests.fakes.stripe import EVENT_MEMORY, StripeApi
from tests.known_company.clock import AS_OF, RUNS
from tests.known_company.orion import billing
from tests.known_company.orion_apis import story
from tests.known_company.orion_apis.account import Account


def account() -> StripeApi:
    """The account after the last run."""
    api = StripeApi()
    Account(api).go_on(AS_OF)
    return api


def test_no_event_is_forgotten_between_two_landings(tmp_path: Path) -> None:
    clocks = []
    for run, clock in enumerate(RUNS):
        with story.serving(run, tmp_path) as around:
            clocks += [each.clock for each in around.earlier] + [clock]

    assert all(timedelta(0) < later - earlier < EVENT_MEMORY for earlier, later in pairwise(clocks))
    assert clocks[0] - EVENT_MEMORY < min(state.effective_at for state in billing.states())
    assert set(RUNS) <= set(clocks)


def test_who_comes_back_has_a_new_subscription_and_who_cancelled_is_gone() -> None:
    held = list(account().subscriptions.values())
    by_customer: dict[str, list[str]] = {}
    for each in held:
        by_customer.setdefault(each["customer"], []).append(each["status"])

    assert ["canceled", "active"] in by_customer.values()
    over = [each for each in held if each["cancel_at"] and each["cancel_at"] < AS_OF.timestamp()]
    assert over and {each["status"] for each in over} == {"canceled"}


def test_stripe_tells_of_all_that_happens_to_items() -> None:
    api = account()
    held = api.subscriptions.values()
    kinds = {event["type"] for event in api.events}
    items = [item for each in held for item in each["items"]]

    assert {f"customer.subscription.{what}" for what in ("created", "updated", "deleted")} <= kinds
    assert "customer.discount.deleted" in kinds
    assert {price["recurring"]["interval"] for price in api.prices.values()} == {
        "day",
        "week",
        "month",
        "year",
    }
    assert {price["tiers_mode"] for price in api.prices.values()} == {None, "graduated", "volume"}
    assert {price["currency"] for price in api.prices.values()} == {"eur", "usd"}
    assert any(item["price"]["recurring"]["usage_type"] == "metered" for item in items)
    assert {coupon["duration"] for coupon in api.coupons.values()} == {"once", "repeating", "forever"}
    told = [
        event["data"]["object"] for event in api.events if event["type"].startswith("customer.subscription")
    ]
    assert {each["status"] for each in told} == {"active", "trialing", "past_due", "unpaid", "canceled"}
    assert any(each["pause_collection"] for each in told)
    assert len({event["data"]["object"]["customer"] for event in api.events if "customer" in event["data"]["object"]
                and event["type"].startswith("customer.subscription")}) == len({s.subscriber for s in billing.states()})  # fmt: skip
