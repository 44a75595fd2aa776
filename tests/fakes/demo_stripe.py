"""Acme's billing: plans by month and year, seats in tiers, trials, coupons, upgrades, pauses, cancellations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random

from tests.fakes.demo_brands import ACME
from tests.fakes.demo_calendar import Happenings, dice
from tests.fakes.stripe import StripeApi
from tests.fakes.stripe_rows import (
    Record,
    coupon,
    customer,
    discount,
    invoice,
    item,
    price,
    product,
    seconds,
    subscription,
    tier,
)

_BEGINNING = datetime(2026, 1, 1, 8, tzinfo=UTC)
_TOOLS, _USAGE = product(1, "Acme Tools"), product(2, "Lifts")
_MONTHLY = price(1, "2900", at=_BEGINNING, of=_TOOLS, nickname="Team monthly")
_YEARLY = price(2, "29000", at=_BEGINNING, of=_TOOLS, interval="year", nickname="Team yearly")
_SEATS = price(
    3,
    None,
    at=_BEGINNING,
    of=_TOOLS,
    nickname="Seats",
    tiers=[tier(10, 900), tier(50, 700, 1000), tier(None, 500)],
    tiers_mode="graduated",
)
_METERED = price(4, "0.5", at=_BEGINNING, of=_USAGE, usage_type="metered", nickname="Lifts by number")
_FIFTH = coupon(1, at=_BEGINNING, percent=20, duration="repeating", months=3)
_FIVE_OFF = coupon(2, at=_BEGINNING, amount=500, currency="eur", duration="forever")
_CUSTOMERS_BEFORE = 40
_TRIAL = timedelta(days=14)
_COUPON_LASTS = timedelta(days=92)


def fill_stripe(api: StripeApi, last_day: date, *, days: int = 120) -> None:
    """Fill an empty account with ``days`` days up to ``last_day``, and with whom it had before."""
    happenings = Happenings(last_day, days=days, zone=ACME.time_zone)
    for each in (_FIFTH, _FIVE_OFF):
        api.coupons[each["id"]] = each
    for each in (_MONTHLY, _YEARLY, _SEATS, _METERED):
        api.prices[each["id"]] = each
    first = next(happenings.days())
    for number in range(1, _CUSTOMERS_BEFORE + 1):
        before = timedelta(days=dice("before", number).randrange(5, 190))
        _plan(api, happenings, number, happenings.moment(first, 600) - before)
    number = _CUSTOMERS_BEFORE
    for day in happenings.days():
        thrown = dice("billing", day.toordinal())
        for _ in range(thrown.choices((0, 1, 2), weights=(5, 4, 1))[0]):
            number += 1
            _plan(api, happenings, number, happenings.moment(day, 480 + thrown.randrange(600)))
    happenings.happen()


def _plan(api: StripeApi, happenings: Happenings, number: int, begin: datetime) -> None:
    """All that will happen to one customer; what is after the last day doesn't."""
    thrown = dice("customer", number)
    who, sub = f"cus_{number:04}", f"sub_{number:04}"
    has_trial, leaves = thrown.random() < 0.4, thrown.random() < 0.3

    def at(days: float, act: Callable[[datetime], object]) -> None:
        moment = begin + timedelta(days=days)
        happenings.plan(moment, lambda: act(moment))

    at(0, lambda moment: _begin(api, number, moment, thrown, has_trial=has_trial))
    if has_trial:
        at(_TRIAL.days, lambda moment: api.change(sub, at=moment, status="active"))
    if thrown.random() < 0.25:
        at(20, lambda moment: api.discount(sub, [_given(number, moment, thrown)], at=moment))
    if thrown.random() < 0.3:
        at(thrown.randrange(30, 120), lambda moment: _more_seats(api, sub, moment))
    if thrown.random() < 0.1:
        days = thrown.randrange(30, 100)
        pause = {"behavior": "void", "resumes_at": None}
        at(days, lambda moment: api.change(sub, at=moment, pause_collection=pause))
        at(days + 21, lambda moment: api.change(sub, at=moment, pause_collection=None))
    if leaves:
        end = thrown.randrange(40, 300)
        at(
            end - 9,
            lambda moment: api.change(sub, at=moment, cancel_at_period_end=True, canceled_at=seconds(moment)),
        )
        at(end, lambda moment: api.cancel(sub, at=moment))
    for month in range(1 if has_trial else 0, 12):
        if not leaves or month * 30 < end:
            at(month * 30 + 0.01, lambda moment, month=month: _bill(api, number, month, who, moment))


def _begin(api: StripeApi, number: int, moment: datetime, thrown: Random, *, has_trial: bool) -> None:
    who = customer(number, f"billing{number}@customer{number}.example", at=moment)
    api.customers[who["id"]] = who
    of = thrown.choices((_MONTHLY, _YEARLY, _SEATS), weights=(6, 2, 2))[0]
    items = [item(number * 10, of, at=moment, quantity=thrown.choice((1, 1, 2, 3, 8, 25)))]
    if thrown.random() < 0.15:
        items.append(item(number * 10 + 1, _METERED, at=moment, quantity=None))
    trial = {
        "status": "trialing",
        "trial_start": seconds(moment),
        "trial_end": seconds(moment + _TRIAL),
    }
    begun = subscription(number, items, at=moment, customer=who["id"], **(trial if has_trial else {}))
    api.subscribe(begun, at=moment)


def _given(number: int, moment: datetime, thrown: Random) -> Record:
    if thrown.random() < 0.5:
        return discount(number, _FIFTH, at=moment, end=moment + _COUPON_LASTS)
    return discount(number, _FIVE_OFF, at=moment)


def _more_seats(api: StripeApi, sub: str, moment: datetime) -> None:
    held = api.subscriptions[sub]
    if held["status"] != "canceled":
        first, *others = held["items"]
        api.change(sub, at=moment, items=[{**first, "quantity": first["quantity"] + 2}, *others])


def _bill(api: StripeApi, number: int, month: int, who: str, moment: datetime) -> None:
    held = api.subscriptions[f"sub_{number:04}"]
    if held["status"] != "active":
        return
    first = held["items"][0]
    total = (first["price"]["unit_amount"] or 700) * first["quantity"]
    if first["price"]["recurring"]["interval"] == "year" and month % 12:
        return
    bill = invoice(number * 100 + month, total, at=moment, customer=who, subscription=held["id"])
    api.bill(bill, at=moment)
    api.change(
        held["id"],
        at=moment,
        items=[
            {
                **each,
                "current_period_start": seconds(moment),
                "current_period_end": seconds(moment + timedelta(days=30)),
            }
            for each in held["items"]
        ],
    )
