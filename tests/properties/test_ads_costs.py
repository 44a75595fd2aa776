"""Ads, costs and money: event-day rates on both sides, costs spread to the millionth, claims never added up."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from connectors.costs.streams import COSTS
from connectors.google_ads.streams import CAMPAIGN_PERFORMANCE as GOOGLE
from connectors.meta_ads.streams import CAMPAIGN_PERFORMANCE as META
from connectors.orders.streams import ORDERS
from tests.properties.drawn import MICRO, PROFILE, DrawnBrand, Rates, brands, moments, money, rates
from tests.properties.families import FIRST, LAST, Daily, build, window, world_of
from tests.properties.invariants import check_facts
from tests.properties.periods import ONE_DAY
from tests.properties.zone import MemoryZone


@st.composite
def ads(draw: st.DrawFn, brand: DrawnBrand) -> dict[date, list[dict[str, Any]]]:
    """Rows by day; a currency by account."""
    by_day: dict[date, list[dict[str, Any]]] = defaultdict(list)
    for number in range(draw(st.integers(0, 8))):
        day = draw(st.dates(brand.first_day, brand.today))
        by_day[day].append(
            {
                "date": day,
                "account_id": "1",
                "campaign_id": str(number),
                "campaign_name": draw(st.sampled_from(["Spring", "Autumn", " "])),
                "impressions": draw(st.sampled_from([0, 7, 5000])),
                "clicks": draw(st.integers(0, 40)),
                "cost": draw(money),
                "currency_code": draw(st.sampled_from([None, "EUR", "USD", "IRR"])),
                "conversions": draw(st.sampled_from([None, Decimal(0), Decimal("1.5")])),
            }
        )
    return by_day


@st.composite
def costs(draw: st.DrawFn, brand: DrawnBrand) -> list[dict[str, Any]]:
    found = []
    for _ in range(draw(st.integers(0, 4))):
        first = draw(st.dates(brand.first_day, brand.today))
        last = first + timedelta(days=draw(st.sampled_from([0, 1, 6, 30])))
        found.append(
            {
                "date": first,
                "end_date": draw(st.sampled_from([last, first, None])),
                "category": "fee",
                "channel": draw(st.sampled_from([None, "E-Mail", "radio"])),
                "campaign": draw(st.sampled_from([None, "Spring"])),
                "amount": draw(st.one_of(money, st.just(Decimal("-10.000001")))),
                "currency_code": draw(st.sampled_from([None, "EUR", "USD"])),
            }
        )
    return found


def spread(amount: Decimal, first: date, last: date) -> dict[date, Decimal]:
    """The amount over its days in whole millionths; the first days take what is left over."""
    days = (last - first).days + 1
    millionths = int(abs(amount) / MICRO)
    each, over = divmod(millionths, days)
    sign = -1 if amount < 0 else 1
    return {first + n * ONE_DAY: sign * (each + (n < over)) * MICRO for n in range(days)}


def spend(daily: Daily, fees: list[dict[str, Any]], brand: DrawnBrand, quoted: Rates) -> None:
    """Add what of the fees is spent by the clock's day."""
    for row in fees:
        for day, amount in spread(row["amount"], row["date"], row["end_date"] or row["date"]).items():
            if day > brand.today:
                continue  # paid for, and not yet spent
            converted = quoted.convert(amount, row["currency_code"] or "EUR", day)
            daily.add("marketing_cost", ("overall", "all"), day, converted)
            daily.add("marketing_cost", ("campaign", row["campaign"] or "(all)"), day, converted)


@PROFILE
@given(st.data())
def test_costs_and_returns_are_what_was_spent_and_sold(data: st.DataObject) -> None:
    brand = data.draw(brands(FIRST, LAST))
    quoted = data.draw(rates(brand))
    platforms = {"google_ads": (GOOGLE, data.draw(ads(brand))), "meta_ads": (META, data.draw(ads(brand)))}
    fees = data.draw(costs(brand))
    sales = data.draw(st.lists(st.tuples(moments(brand), money), max_size=4))
    zone = MemoryZone(brands=dict.fromkeys(["google", "meta", "fees", "shop", "rates"], "acme"), shuffled=6)
    daily = Daily()
    for source, (platform, (stream, by_day)) in zip(("google", "meta"), platforms.items(), strict=True):
        zone.land(stream, source, "covered", [], load_id=1, window=window(brand))
        for day, rows in by_day.items():
            zone.land(stream, source, str(day), rows, load_id=1)
            for row in rows:
                cost = quoted.convert(row["cost"], row["currency_code"] or "EUR", day)
                for segment in (
                    ("overall", "all"),
                    ("platform", platform),
                    ("campaign", row["campaign_name"].strip() or "(not set)"),
                ):
                    daily.add("ad_impressions", segment, day, row["impressions"])
                    daily.add("ad_clicks", segment, day, row["clicks"])
                    daily.add("ad_spend", segment, day, cost)
                    if segment[0] != "platform":
                        daily.add("marketing_cost", segment, day, cost)
                    elif row["conversions"] is not None:
                        daily.add("conversions", segment, day, row["conversions"])
                        daily.add("spend_with_conversions", segment, day, cost)
    zone.land(COSTS, "fees", "fees.csv", fees, load_id=1, window=window(brand))
    spend(daily, fees, brand, quoted)
    zone.land(ORDERS, "shop", "covered", [], load_id=1, window=window(brand))
    sold = [
        {"order_id": str(number), "ordered_at": at, "goods_amount": goods, "currency_code": "EUR"}
        for number, (at, goods) in enumerate(sales)
    ]
    zone.land(ORDERS, "shop", "o.csv", sold, load_id=1)
    for at, goods in sales:
        if goods > 0:
            daily.add("orders", ("overall", "all"), brand.day(at), 1)
            daily.add("order_value", ("overall", "all"), brand.day(at), goods)
    quoted.land(zone, "rates", load_id=1, window=window(brand))

    world = world_of("ads", "costs", "orders", also=("int_costs_spread_daily",))
    build(
        world,
        brand,
        zone,
        {
            "google": {"connector": "google_ads_file", "path": "g.csv"},
            "meta": {"connector": "meta_ads_file", "path": "m.csv"},
            "fees": {"connector": "costs_file", "path": "f.csv"},
            "shop": {"connector": "orders_file", "path": "o.csv"},
            "rates": {"connector": "exchange_rates_file", "path": "r.csv"},
        },
    )
    check_facts(
        world,
        unbounded=(
            "ad_ctr",
            "cost_per_conversion",
            "customer_acquisition_cost",
            "platform_cost_per_conversion",
        ),
    )
    daily.check(world, brand, "ad_impressions", "ad_impressions")
    daily.check(world, brand, "ad_ctr", "ad_clicks", "ad_impressions")
    daily.check(world, brand, "cost_per_conversion", "marketing_cost", "orders")
    daily.check(world, brand, "roas", "order_value", "ad_spend")
    assert world.rows(
        "select count(*) from facts where kpi_id = 'platform_cost_per_conversion' and segment_type = 'overall'"
    ) == [(0,)]
    for platform in platforms:
        segment = ("platform", platform)
        for side, measure in (("numerator", "spend_with_conversions"), ("denominator", "conversions")):
            found = dict(
                world.rows(
                    f"select period_start, {side} from facts where grain = 'day' and segment = '{platform}' "
                    f"and kpi_id = 'platform_cost_per_conversion'"
                )
            )
            assert found == daily.amounts.get((measure, segment), {})
    has_margin = brand.gross_margin is not None
    assert bool(world.rows("select 1 from facts where kpi_id = 'marketing_roi' limit 1")) == has_margin
    spent = world.rows("select cast(sum(amount) as decimal(38, 6)) from intermediate.int_costs_spread_daily")[
        0
    ][0]
    assert (spent or 0) == sum(row["amount"] for row in fees)
