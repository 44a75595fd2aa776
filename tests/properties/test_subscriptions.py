"""Recurring revenue: snapshots and item histories, movements to the cent, retention of those who paid at the start."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from connectors.subscriptions.streams import ITEMS, SNAPSHOTS
from tests.properties.drawn import MICRO, PROFILE, DrawnBrand, Rates, brands, moments, money, rates
from tests.properties.engine import World
from tests.properties.families import FIRST, LAST, build, window, world_of
from tests.properties.invariants import check_facts
from tests.properties.periods import GRAINS, ONE_DAY, periods_of
from tests.properties.zone import MemoryZone

MONTHS = {"day": Fraction(365, 12), "week": Fraction(52, 12), "month": Fraction(1), "year": Fraction(1, 12)}
COUNTED = {"active", "past_due"}
TOLERANCE = Decimal("0.0001")
"""Amounts per row are kept to six decimals; rates multiply what that leaves over."""
Balances = dict[tuple[str, str], Decimal]
"""Monthly amounts by subscriber and currency."""


def micro(amount: Fraction) -> Decimal:
    """Half up to six decimals."""
    return (Decimal(amount.numerator) / Decimal(amount.denominator)).quantize(MICRO, ROUND_HALF_UP)


@dataclass(frozen=True)
class Reckoning:
    """Balances at the end of a day (None where nothing is known of it) and when each subscriber first paid."""

    at: Callable[[date], Balances | None]
    first_paid: dict[str, date]


def check_recurring_revenue(
    world: World,
    brand: DrawnBrand,
    quoted: Rates,
    reckoning: Reckoning,
    ends: dict[tuple[str, date], date | None],
) -> None:
    """Compare the facts with the balances; ``ends`` names the day whose end speaks for a period."""
    wanted = ("mrr", "net_revenue_retention", "gross_revenue_retention", "subscription_retention_rate")
    found = {
        (grain, kpi, start): (numerator, denominator)
        for grain, kpi, start, numerator, denominator in world.rows(
            f"select grain, kpi_id, period_start, numerator, denominator from facts where kpi_id in {wanted}"
        )
    }
    previous: dict[str, date | None] = {}
    for (grain, start), end in ends.items():
        before, previous[grain] = previous.get(grain), end
        balances = reckoning.at(end) if end else None
        mrr = None if end is None or balances is None else _total(balances, quoted, end)
        _close(found["mrr" and grain, "mrr", start][0], mrr, f"mrr of {grain} {start}")
        if end is None or before is None or balances is None:
            _close(found[grain, "net_revenue_retention", start][1], None, f"start of {grain} {start}")
            continue
        earlier = reckoning.at(before)
        assert earlier is not None
        paying, had = {who for who, _ in balances}, {who for who, _ in earlier}
        opening, closing = _by_subscriber(earlier, quoted, end), _by_subscriber(balances, quoted, end)
        is_known = None not in opening.values() and None not in closing.values()
        is_known = is_known and _total(earlier, quoted, before) is not None
        start_sum = sum((opening[who] or Decimal(0) for who in had), Decimal(0)) if is_known else None
        net = sum((closing[who] or Decimal(0) for who in had & paying), Decimal(0)) if is_known else None
        gross = (
            sum((min(opening[who] or 0, closing[who] or 0) for who in had & paying), Decimal(0))
            if is_known
            else None
        )
        _close(found[grain, "net_revenue_retention", start][1], start_sum, f"opening of {grain} {start}")
        _close(found[grain, "net_revenue_retention", start][0], net, f"retained net of {grain} {start}")
        _close(found[grain, "gross_revenue_retention", start][0], gross, f"retained gross of {grain} {start}")
        retained = found[grain, "subscription_retention_rate", start]
        assert retained == (len(had & paying), len(had)), (
            f"retained subscribers of {grain} {start}: {retained}"
        )
    _check_movements(world)


def _check_movements(world: World) -> None:
    wrong = world.rows(
        """select grain, period_start, mrr_start, mrr_end from intermediate.int_subscription_movements
        where mrr_end <> mrr_start + mrr_new + mrr_expansion + mrr_reactivation
            - mrr_contraction - mrr_churn + mrr_fx
        or mrr_new < 0 or mrr_expansion < 0 or mrr_reactivation < 0 or mrr_contraction < 0 or mrr_churn < 0
        or mrr_retained_gross > mrr_retained_net or subscribers_retained > subscribers_start"""
    )
    assert not wrong, f"movements don't lead from start to end: {wrong[:3]}"


def _total(balances: Balances, quoted: Rates, day: date) -> Decimal | None:
    amounts = _by_subscriber(balances, quoted, day)
    if None in amounts.values():
        return None
    return sum((amount or Decimal(0) for amount in amounts.values()), Decimal(0))


def _by_subscriber(balances: Balances, quoted: Rates, day: date) -> dict[str, Decimal | None]:
    found: dict[str, Decimal | None] = {}
    for (who, currency), amount in balances.items():
        converted = quoted.convert(amount, currency, day)
        before = found.get(who, Decimal(0))
        found[who] = None if converted is None or before is None else before + converted
    return found


def _close(found: Decimal | None, expected: Decimal | None, what: str) -> None:
    same = found is None and expected is None
    assert same or (found is not None and expected is not None and abs(found - expected) <= TOLERANCE), (
        f"{what}: found {found}, expected {expected}"
    )


@st.composite
def snapshots(draw: st.DrawFn, brand: DrawnBrand) -> dict[datetime, list[dict[str, Any]]]:
    """Lists of subscribers by moment, some of them empty."""
    subscribers = [
        {
            "subscriber_id": who,
            "item_id": str(number),
            "interval": draw(st.sampled_from([None, "Month", "year", "week", "day"])),
            "interval_count": draw(st.sampled_from([None, 1, 3])),
            "currency_code": draw(st.sampled_from([None, "EUR", "USD"])),
        }
        for number, who in enumerate(draw(st.lists(st.sampled_from(["s1", "s2", "s3", "s4"]), max_size=5)))
    ]
    ends = [end for _, end in periods_of(brand.calendar_key, "month", brand.first_day, brand.today)]
    edges = [end - timedelta(days=days) for end in ends for days in (8, 9)]  # carried to the end 7 and 8 days
    edges = [day for day in edges if brand.first_day <= day < brand.today]
    at_edges = [moments(brand, first=day, last=day) for day in edges]
    found = {}
    for moment in draw(st.lists(st.one_of(moments(brand), *at_edges), max_size=4, unique_by=brand.day)):
        found[moment] = [
            {
                **each,
                "snapshot_at": moment,
                "status": draw(st.sampled_from([None, "active", "Past_due", "trialing", "paused"])),
                "quantity": draw(st.sampled_from([None, Decimal(2), Decimal(0)])),
                "amount": draw(money),
            }
            for each in subscribers
            if draw(st.sampled_from([True, True, False]))
        ]
    return found


def snapshot_balances(rows: Iterable[dict[str, Any]]) -> Balances:
    balances: Balances = defaultdict(Decimal)
    for row in rows:
        quantity = row["quantity"] if row["quantity"] is not None else Decimal(1)
        status = (row["status"] or "active").lower()
        if row["amount"] > 0 and quantity > 0 and status in COUNTED:
            months = MONTHS[(row["interval"] or "month").lower()] / (row["interval_count"] or 1)
            amount = micro(Fraction(row["amount"]) * Fraction(quantity) * months)
            balances[row["subscriber_id"], row["currency_code"] or "EUR"] += amount
    return balances


@PROFILE
@given(st.data())
def test_snapshots_are_carried_a_week_and_compared_pair_by_pair(data: st.DataObject) -> None:
    brand = data.draw(brands(FIRST, LAST, history=(20, 45, 100)))
    quoted = data.draw(rates(brand, ["USD"]))
    lists = data.draw(snapshots(brand))
    zone = MemoryZone(brands={"billing": "acme", "rates": "acme"}, shuffled=7)
    for moment, rows in lists.items():
        day = brand.day(moment)
        zone.land(SNAPSHOTS, "billing", str(moment), rows, load_id=1, window=(day, day + ONE_DAY))
    quoted.land(zone, "rates", load_id=1, window=window(brand))
    world = world_of("subscriptions", also=("int_subscription_movements",))
    sources = {
        "billing": {"connector": "subscription_snapshots_file", "path": "b.csv"},
        "rates": {"connector": "exchange_rates_file", "path": "r.csv"},
    }
    build(world, brand, zone, sources)
    check_facts(world)
    by_day = {brand.day(moment): snapshot_balances(rows) for moment, rows in lists.items()}
    if not by_day:
        return
    ends: dict[tuple[str, date], date | None] = {}
    for grain in GRAINS:
        for start, end in periods_of(brand.calendar_key, grain, min(by_day), brand.today):
            last = min(end - ONE_DAY, brand.today)
            newest = max((day for day in by_day if day <= last), default=None)
            is_fresh = newest is not None and last - newest <= timedelta(days=7)
            is_own = newest is not None and (newest >= start or grain == "day")
            ends[grain, start] = newest if is_fresh and is_own else None
    check_recurring_revenue(world, brand, quoted, Reckoning(by_day.get, {}), ends)


def item_state(draw: st.DrawFn, brand: DrawnBrand) -> dict[str, Any]:
    return {
        "status": draw(st.sampled_from(["active", "active", "active", "past_due", "trialing", "canceled"])),
        "is_paused": draw(st.sampled_from([None, False, False, True])),
        "is_deleted": draw(st.sampled_from([None, False, False, True])),
        "quantity": draw(st.sampled_from([None, Decimal(3), Decimal(5), Decimal(12)])),
        "unit_amount": draw(money),
        "interval": draw(st.sampled_from([None, "month", "week", "year", "day"])),
        "interval_count": draw(st.sampled_from([None, 1, 2])),
        "usage_type": draw(st.sampled_from([None, "licensed", "licensed", "metered"])),
        "pricing_tiers": draw(st.sampled_from([None, None, TIERS])),
        "tiers_mode": draw(st.sampled_from(["graduated", "volume"])),
        "discount_percent": draw(st.sampled_from([None, None, Decimal(20), Decimal(100)])),
        "discount_duration": draw(st.sampled_from(["once", "repeating", "forever"])),
        "discount_ends_at": draw(st.one_of(st.none(), moments(brand))),
        "cancel_at_period_end": draw(st.sampled_from([None, False, True])),
        "current_period_end": draw(moments(brand)),
    }


@st.composite
def item_states(draw: st.DrawFn, brand: DrawnBrand) -> list[dict[str, Any]]:
    """States of items; those of one subscription share its discount."""
    rows = []
    for subscription in range(draw(st.integers(0, 3))):
        who = draw(st.sampled_from(["s1", "s2", "s3"]))
        currency = draw(st.sampled_from([None, "EUR", "USD"]))
        for item in range(draw(st.integers(1, 2))):
            states = draw(st.lists(moments(brand), min_size=1, max_size=4, unique=True))
            rows += [
                {
                    "item_id": f"i{subscription}-{item}",
                    "subscription_id": f"b{subscription}",
                    "subscriber_id": who,
                    "effective_at": moment,
                    "currency_code": currency,
                    **item_state(draw, brand),
                }
                for moment in states
            ]
    return rows


TIERS = json.dumps(
    [
        {"up_to": 5, "unit_amount": "10.00", "flat_amount": "3.00"},
        {"up_to": 10, "unit_amount": "8.00"},
        {"up_to": None, "unit_amount": "5.50", "flat_amount": "1.00"},
    ]
)


def price(row: dict[str, Any]) -> Fraction:
    """Price of a billing period before discounts."""
    quantity = Fraction(row["quantity"] if row["quantity"] is not None else 1)
    if row["pricing_tiers"] is None:
        return Fraction(row["unit_amount"]) * quantity
    tiers = [
        (
            Fraction(tier["up_to"]) if tier["up_to"] else None,
            Fraction(tier["unit_amount"]),
            Fraction(tier.get("flat_amount") or 0),
        )
        for tier in json.loads(row["pricing_tiers"])
    ]
    if row["tiers_mode"] == "volume":
        _, unit, flat = next(tier for tier in tiers if tier[0] is None or quantity <= tier[0])
        return unit * quantity + flat
    total, below = Fraction(0), Fraction(0)
    for up_to, unit, flat in tiers:
        if quantity > below:
            total += unit * ((quantity if up_to is None else min(quantity, up_to)) - below) + flat
        below = up_to or below
    return total


def item_balances(rows: list[dict[str, Any]], brand: DrawnBrand, day: date) -> Balances:
    """What each subscriber pays at the midnight that ends ``day``."""
    midnight = midnight_after(brand, day)
    newest: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: row["effective_at"]):
        if row["effective_at"] < midnight:
            newest[row["item_id"]] = row
    balances: Balances = defaultdict(Decimal)
    for row in newest.values():
        is_over = row["cancel_at_period_end"] and row["current_period_end"] < midnight
        if (
            row["status"] not in COUNTED
            or row["is_paused"]
            or row["is_deleted"]
            or row["usage_type"] == "metered"
            or is_over
        ):
            continue
        monthly = price(row) * MONTHS[row["interval"] or "month"] / (row["interval_count"] or 1)
        duration, ends_at = row["discount_duration"], row["discount_ends_at"]
        holds = duration == "forever" or (
            duration == "repeating" and (ends_at is None or ends_at >= midnight)
        )
        if row["discount_percent"] is not None and holds:
            monthly *= 1 - Fraction(row["discount_percent"]) / 100
        amount = micro(monthly)
        if amount > 0:
            balances[row["subscriber_id"], row["currency_code"] or "EUR"] += amount
    return balances


def midnight_after(brand: DrawnBrand, day: date) -> datetime:
    """UTC moment, without zone, at which the brand's day ends."""
    low = datetime.combine(day, datetime.min.time()) - timedelta(hours=14)
    return next(
        low + timedelta(minutes=30 * step)
        for step in range(120)
        if brand.day(low + timedelta(minutes=30 * step)) > day
    )


@PROFILE
@given(st.data())
def test_item_histories_are_what_each_item_costs_at_the_end_of_a_day(data: st.DataObject) -> None:
    brand = data.draw(brands(FIRST, LAST, history=(20, 45, 100)))
    quoted = data.draw(rates(brand, ["USD"]))
    rows = data.draw(item_states(brand))
    replaced = data.draw(st.lists(st.sampled_from(rows), max_size=2)) if rows else []
    zone = MemoryZone(brands={"billing": "acme", "rates": "acme"}, shuffled=8)
    zone.land(ITEMS, "billing", "covered", [], load_id=1, window=window(brand))
    wrong = [{**row, "unit_amount": Decimal(777), "status": "active"} for row in replaced]
    zone.land(ITEMS, "billing", "1.csv", wrong, load_id=1)
    zone.land(ITEMS, "billing", "2.csv", rows, load_id=2)
    quoted.land(zone, "rates", load_id=1, window=window(brand))
    world = world_of("subscriptions", also=("int_subscription_movements",))
    sources = {
        "billing": {"connector": "subscription_items_file", "path": "b.csv"},
        "rates": {"connector": "exchange_rates_file", "path": "r.csv"},
    }
    build(world, brand, zone, sources)
    check_facts(world)
    cached: dict[date, Balances] = {}

    def at(day: date) -> Balances:
        if day not in cached:
            cached[day] = item_balances(rows, brand, day)
        return cached[day]

    ends: dict[tuple[str, date], date | None] = {
        (grain, start): min(end - ONE_DAY, brand.today)
        for grain in GRAINS
        for start, end in periods_of(brand.calendar_key, grain, brand.first_day, brand.today)
    }
    check_recurring_revenue(world, brand, quoted, Reckoning(at, {}), ends)
