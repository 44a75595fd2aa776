"""Orders and loyalty: whatever lands, the KPI facts are what Python reckons from the orders that stand."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.properties import orders as shop
from tests.properties.drawn import PROFILE, brands, rates
from tests.properties.families import FIRST, LAST, build, world_of
from tests.properties.invariants import check_amounts, check_facts, summed
from tests.properties.periods import GRAINS, ONE_DAY, period_of, periods_of
from tests.properties.zone import MemoryZone

NUMERATORS = {
    "purchases": "orders",
    "revenue": "order_value",
    "aov": "aov_order_value",
    "aov_paid": "paid_value",
}


@PROFILE
@given(st.data())
def test_facts_are_what_the_orders_amount_to(data: st.DataObject) -> None:
    brand = data.draw(brands(FIRST, LAST, history=(20, 100, 130, 400)))
    rules = data.draw(shop.rules)
    quoted = data.draw(rates(brand))
    loads = data.draw(shop.orders(brand))
    days = (brand.today - brand.first_day).days
    gap = sorted(data.draw(st.tuples(st.integers(5, days), st.integers(5, days)) | st.just((days, days))))
    windows = [
        (brand.first_day, brand.first_day + gap[0] * ONE_DAY),
        (brand.first_day + gap[1] * ONE_DAY, brand.today + ONE_DAY),
    ]
    loaded = {start + n * ONE_DAY for start, end in windows for n in range((end - start).days)}
    strangers = shop.outside([order for load in loads for order in load], loaded, brand)
    loads = [[order for order in load if order.order_id not in strangers] for load in loads]

    zone = MemoryZone(brands={"shop": "acme", "rates": "acme"}, shuffled=len(strangers))
    shop.land(zone, "shop", loads, windows)
    quoted.land(zone, "rates", load_id=1, window=(brand.first_day - 7 * ONE_DAY, brand.today))
    built = world_of("orders")
    build(
        built,
        brand,
        zone,
        {
            "shop": {"connector": "orders_file", "path": "o.csv", "rules": rules.entry()},
            "rates": {"connector": "exchange_rates_file", "path": "r.csv"},
        },
    )

    check_facts(
        built,
        reconciled=("campaign", "channel", "country"),
        uniques=("customers",),
        unbounded=("aov", "aov_paid"),
    )
    reckoned = shop.reckon(shop.newest(loads), rules, brand, quoted)
    first = min(day for day in loaded)
    for kpi, measure in NUMERATORS.items():
        segments = {segment for name, segment in reckoned.daily if name == measure} | {("overall", "all")}
        for segment in segments:
            expected = summed(
                reckoned.daily[measure, segment], brand.calendar_key, loaded, first, brand.today
            )
            check_amounts(built, kpi, "numerator", expected, segment=segment)
    for grain in GRAINS:
        found = {
            (kpi, start): {"numerator": numerator, "denominator": denominator}
            for kpi, start, numerator, denominator in built.rows(
                f"select kpi_id, period_start, numerator, denominator from facts where grain = '{grain}' "
                "and segment_type = 'overall'"
            )
        }
        periods = list(periods_of(brand.calendar_key, grain, first, brand.today))
        for start, end in periods[-40:]:
            if not any(start <= day < end for day in loaded):
                continue
            before, _ = period_of(brand.calendar_key, grain, start - ONE_DAY)
            expected_parts = shop.loyalty(reckoned, start, end, before, has_before=start > first)
            for (kpi, side), amount in expected_parts.items():
                assert found[kpi, start][side] == (None if amount is None else Decimal(amount)), (
                    f"{kpi} {side} of {grain} {start}"
                )
