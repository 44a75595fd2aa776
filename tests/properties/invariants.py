"""What holds for the KPI facts of any data, and the comparison with amounts reckoned in Python."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from tests.properties.engine import World
from tests.properties.periods import GRAINS, period_of, periods_of

FACTS = {"day": "daily", "week": "weekly", "month": "monthly", "quarter": "quarterly"}
KPI_FACTS = tuple(f"fct_kpi_{word}" for word in FACTS.values())
_STATUSES = ("not_loaded", "stale", "no_denominator", "low_sample", "immature", "provisional", "final")

_FACT_CHECKS = {
    "a value is finite": "not isfinite(f.value)",
    "a value is its parts, divided once": """
        f.value is distinct from case
            when c.denominator_measure is null then c.scale * f.numerator::double
            when f.denominator is null or f.denominator = 0 then null
            else c.scale * (f.numerator::double / f.denominator::double) end
        and not coalesce(abs(f.value - c.scale * (f.numerator::double / nullif(f.denominator::double, 0)))
            <= 1e-12 * abs(f.value), false)""",
    "a status is one of the known ones": f"f.status is null or f.status not in {_STATUSES}",
    "nothing loaded, no value": "f.status = 'not_loaded' and f.value is not null",
    "no day loaded is said": "f.days_loaded = 0 and f.status <> 'not_loaded'",
    "no denominator, no value": "f.status = 'no_denominator' and f.value is not null",
    "a judged value is there": """
        f.status in ('low_sample', 'immature', 'provisional', 'final') and f.value is null""",
    "a small sample is never final": """
        f.status in ('provisional', 'final', 'immature') and f.sample_size < c.minimum_sample""",
    "a running period is not final": "f.status = 'final' and f.period_end > b.as_of_date",
    "no more days than there are": """
        f.days_loaded > f.period_end - f.period_start or f.days_expected > f.period_end - f.period_start
        or f.days_loaded > f.days_expected""",
    "a value keeps its bounds": "f.value < c.lower_bound - 1e-12 or f.value > c.upper_bound + 1e-12",
    "money has the brand's currency": """
        (f.currency_code is not null) <> (c.unit = 'money') or f.currency_code <> b.currency_code""",
    "a period is of its grain": """
        case f.grain
            when 'day' then f.period_end - f.period_start <> 1
            when 'week' then f.period_end - f.period_start <> 7
            when 'month' then f.period_end - f.period_start not between 28 and 31
            else f.period_end - f.period_start not between 89 and 93 end""",
}


def check_facts(
    world: World,
    *,
    reconciled: Collection[str] = (),
    uniques: Collection[str] = (),
    unbounded: Collection[str] = (),
) -> None:
    """See that every invariant holds.

    Args:
        world: built with all four KPI facts.
        reconciled: segment types whose numerators sum to the overall one.
        uniques: KPIs that count persons, at most the sum of their days and at least the largest.
        unbounded: KPIs whose drawn parts may leave their bounds.
    """
    world.con.execute(
        "create or replace temp table facts as "
        + " union all ".join(
            f"select '{grain}' as grain, * from marts.fct_kpi_{word}" for grain, word in FACTS.items()
        )
    )
    skipped = ", ".join(f"'{kpi}'" for kpi in unbounded) or "''"
    for name, condition in _FACT_CHECKS.items():
        bounded = f" and f.kpi_id not in ({skipped})" if "bounds" in name else ""
        _nothing(
            world,
            name,
            f"""select f.grain, f.kpi_id, f.period_start, f.segment_type, f.segment, f.numerator, f.denominator,
                f.value, f.status, f.days_loaded, f.days_expected
            from facts as f inner join seeds.kpi_catalogue as c using (kpi_id)
            inner join marts.dim_brand as b using (brand_id) where ({condition}){bounded}""",
        )
    _nothing(
        world,
        "a row is there once",
        """select grain, brand_id, kpi_id, period_start, segment_type, segment, count(*) from facts
        group by all having count(*) > 1""",
    )
    _nothing(
        world,
        "periods follow each other without gap or overlap, up to the clock's",
        """select * from (
            select grain, kpi_id, period_start, period_end, b.as_of_date, lead(period_start) over (
                partition by grain, brand_id, kpi_id order by period_start) as next_start
            from facts inner join marts.dim_brand as b using (brand_id) where segment_type = 'overall')
        where coalesce(next_start <> period_end, not (period_start <= as_of_date and as_of_date < period_end))""",
    )
    _nothing(
        world,
        "the value before is that of the period before",
        """select * from (
            select grain, kpi_id, period_start, previous_value, lag(value) over (
                partition by grain, brand_id, kpi_id order by period_start) as before, change_abs, value
            from facts where segment_type = 'overall')
        where previous_value is distinct from before or change_abs is distinct from value - before""",
    )
    _nothing(
        world,
        "a period with an overdue day is stale, whatever else is wrong with it",
        """with overdue as (
            select distinct d.brand_id, d.kpi_id, d.calendar_date from intermediate.int_kpi_days as d
            inner join intermediate.int_brand_kpis as k using (brand_id, kpi_id)
            where d.is_overdue and k.needs_all_days and d.source_scope = '(all)')
        select f.grain, f.kpi_id, f.period_start, f.status from facts as f
        where f.segment_type = 'overall' and f.status not in ('stale', 'not_loaded') and exists (
            select 1 from overdue as o where o.brand_id = f.brand_id and o.kpi_id = f.kpi_id
            and o.calendar_date >= f.period_start and o.calendar_date < f.period_end)""",
    )
    _nothing(
        world,
        "a value is final once its slowest stream and the catalogue's own days are over, not before",
        """select f.grain, f.kpi_id, f.period_start, f.status from facts as f
        inner join seeds.kpi_catalogue as c using (kpi_id) inner join marts.dim_brand as b using (brand_id)
        inner join intermediate.int_brand_kpis as k using (brand_id, kpi_id)
        where f.status in ('final', 'provisional') and (f.status = 'final') <> (
            least(f.period_end, coalesce(k.expect_until + 1, f.period_end))
            + cast(k.final_after_days + c.extra_finality_days as integer) < b.as_of_date)""",
    )
    _check_sums_over_time(world)
    for segment_type in reconciled:
        _check_segments(world, segment_type)
    for kpi in uniques:
        _nothing(
            world,
            f"{kpi}: no more than the sum of the days, no fewer than the largest",
            f"""select w.grain, w.period_start, w.numerator, sum(d.numerator), max(d.numerator)
            from facts as w inner join facts as d
                on d.grain = 'day' and d.kpi_id = w.kpi_id and d.brand_id = w.brand_id
                and d.segment_type = w.segment_type and d.segment = w.segment
                and d.period_start >= w.period_start and d.period_start < w.period_end
            where w.kpi_id = '{kpi}' and w.grain <> 'day' and w.numerator is not null group by all
            having w.numerator > sum(d.numerator) or w.numerator < max(d.numerator)""",
        )


def _check_sums_over_time(world: World) -> None:
    """Parts that are additive sum up: quarters of their months, weeks and months of their days."""
    for side in ("numerator", "denominator"):
        for whole, part in (("quarter", "month"), ("month", "day"), ("week", "day")):
            _nothing(
                world,
                f"the {side} of a {whole} is the sum of its {part}s",
                f"""with additive as (
                    select brand_id, kpi_id from intermediate.int_kpi_parts where side = '{side}'
                    group by all having bool_and(additivity = 'additive'))
                select w.kpi_id, w.period_start, w.segment_type, w.segment, w.{side}, sum(p.{side})
                from facts as w inner join additive using (brand_id, kpi_id) inner join facts as p
                    on p.grain = '{part}' and p.kpi_id = w.kpi_id and p.brand_id = w.brand_id
                    and p.segment_type = w.segment_type and p.segment = w.segment
                    and p.period_start >= w.period_start and p.period_start < w.period_end
                where w.grain = '{whole}' group by all having case
                    when count(case when p.{side} is null and p.days_loaded > 0 then 1 end) > 0
                    then w.{side} is not null
                    else w.{side} is distinct from sum(p.{side}) end""",
            )


def _check_segments(world: World, segment_type: str) -> None:
    _nothing(
        world,
        f"segments of type {segment_type} sum to the whole",
        f"""with additive as (
            select brand_id, kpi_id from intermediate.int_kpi_parts where side = 'numerator'
            group by all having bool_and(additivity = 'additive')),
        parts as (
            select grain, brand_id, kpi_id, period_start, sum(numerator) as numerator,
                count(*) - count(numerator) as unknown
            from facts where segment_type = '{segment_type}' group by all),
        broken_down as (select distinct brand_id, kpi_id from parts)
        select o.grain, o.kpi_id, o.period_start, o.numerator, parts.numerator from facts as o
        inner join additive using (brand_id, kpi_id)
        inner join broken_down using (brand_id, kpi_id)
        left join parts using (grain, brand_id, kpi_id, period_start)
        where o.segment_type = 'overall' and case
            when coalesce(parts.unknown, 0) > 0 then o.numerator is not null
            when o.numerator is null then coalesce(parts.numerator, 0) <> 0
            else o.numerator <> coalesce(parts.numerator, 0) end""",
    )


def _nothing(world: World, name: str, sql: str) -> None:
    wrong = world.con.execute(f"{sql} limit 3").fetchall()
    assert not wrong, f"{name}: {wrong}"


Amounts = Mapping[date, Decimal | None]
"""Amounts by day; None is unknown."""


def summed(
    amounts: Amounts, key: str, loaded: Collection[date], first: date, last: date
) -> dict[tuple[str, date], Decimal | None]:
    """Sums per grain and period from ``first`` to ``last``; None where no day is loaded or an amount is unknown."""
    found: dict[tuple[str, date], Decimal | None] = {}
    for grain in GRAINS:
        for start, _ in periods_of(key, grain, first, last):
            found[grain, start] = None
        for day in loaded:
            found[grain, period_of(key, grain, day)[0]] = Decimal(0)
        unknown = set()
        for day, amount in amounts.items():
            at = (grain, period_of(key, grain, day)[0])
            if amount is None:
                unknown.add(at)
            else:
                found[at] = (found[at] or Decimal(0)) + amount
        for at in unknown:
            found[at] = None
    return found


def check_amounts(
    world: World,
    kpi: str,
    side: str,
    expected: Mapping[tuple[str, date], Decimal | None],
    *,
    segment: tuple[str, str] = ("overall", "all"),
) -> None:
    """See that one side of a KPI is what was reckoned, in every period of every grain."""
    rows = world.con.execute(
        f"select grain, period_start, {side} from facts where kpi_id = ? and segment_type = ? and segment = ?",
        [kpi, *segment],
    ).fetchall()
    found = {(grain, start): amount for grain, start, amount in rows}
    if segment[0] == "overall":
        assert found.keys() == expected.keys(), (
            f"{kpi}: periods {sorted(found.keys() ^ expected.keys())[:4]} are in one only"
        )
    wrong = [
        (at, "found", found.get(at), "expected", expected[at])
        for at in sorted(expected)
        if found.get(at) != expected[at] and not (at not in found and not expected[at])
    ]
    assert not wrong, f"{kpi} {side} {segment}: {wrong[:3]}"
