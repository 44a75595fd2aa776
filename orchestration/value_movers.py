"""Which source moved a published value: the column ``moved_by`` of the KPI history.

Comes in: what an event changes (temp tables ``delta_values``, ``delta_slices``) and ``dim_kpi_inputs``, which
says which stream feeds which KPI. Goes out: ids of sources, comma separated, in ``delta_values.moved_by``.

A source moved a value if one of its slices was added, replaced or removed since the version before, the
stream feeds the KPI (or is one that only helps, such as merges or exchange rates), and

1. the changed days overlap the period, a day of grace on both sides for time zones and daily differences, or
   are unknown, as those of a batch of changed records are;
2. else, where no change of a feeding stream overlaps: any change of the brand but those of streams whose
   rows count on their own day alone. A refund, a merge or a trailing window moves periods far from the
   changed days.

It names candidates and proves nothing: where two sources changed the same days, both stand there. It is null
where no source changed: the clock, the settings or the SQL moved the value, or a rollback brought it back.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from connectors.core.sql import literal
from orchestration.ledger import BASELINE

RATES = "exchange_rates"
"""Connector of streams that every amount of money may depend on."""


def note_movers(con: duckdb.DuckDBPyConnection, *, inputs: Sequence[str]) -> None:
    """Set ``moved_by`` in ``delta_values``.

    Args:
        con: has the event's temp tables.
        inputs: tables of the shape of ``dim_kpi_inputs``; without one nothing is known.
    """
    [(changed,)] = con.execute(
        f"select count(*) from delta_slices where reason <> {literal(BASELINE)}"
    ).fetchall()
    if not inputs or not changed:
        return
    feeding = " union ".join(
        f"select brand_id, kpi_id, source_id, connector, stream, unit, is_dated from {table}"
        for table in inputs
    )
    con.execute(f"""
        create or replace temp table moving_spans as
        with inputs as ({feeding}),
        changed as (
            select distinct brand_id, source_id, connector, stream, window_start, window_end
            from delta_slices
            where reason <> {literal(BASELINE)}
        ),
        listed as (select distinct connector, stream from inputs),
        feeding as (
            select i.brand_id, i.kpi_id, c.source_id, c.window_start, c.window_end, true as is_feeding,
                bool_or(i.is_dated) as is_dated
            from changed as c
            inner join inputs as i
                on c.source_id = i.source_id and c.connector = i.connector and c.stream = i.stream
            group by all
            union all
            select c.brand_id, i.kpi_id, c.source_id, c.window_start, c.window_end, true, true
            from (
                select distinct brand_id, source_id, window_start, window_end from changed
                where connector = {literal(RATES)}
            ) as c
            inner join (select distinct brand_id, kpi_id from inputs where unit = 'money') as i
                on c.brand_id = i.brand_id
            union all
            select c.brand_id, i.kpi_id, c.source_id, null, null, false, false
            from (
                select distinct brand_id, source_id from changed
                where (connector, stream) not in (select (connector, stream) from listed)
            ) as c
            inner join (select distinct brand_id, kpi_id from inputs) as i on c.brand_id = i.brand_id
        ),
        numbered as (
            select *,
                max(window_end) over (
                    partition by brand_id, kpi_id, source_id, is_feeding, is_dated, window_start is null
                    order by window_start nulls first, window_end nulls first
                    rows between unbounded preceding and 1 preceding
                ) < window_start as is_apart
            from feeding
        ),
        spans as (
            select *,
                count(*) filter (is_apart) over (
                    partition by brand_id, kpi_id, source_id, is_feeding, is_dated, window_start is null
                    order by window_start nulls first, window_end nulls first
                    rows between unbounded preceding and current row
                ) as span
            from numbered
        )
        select brand_id, kpi_id, source_id, is_feeding, is_dated,
            min(window_start) as window_start, max(window_end) as window_end
        from spans
        group by brand_id, kpi_id, source_id, is_feeding, is_dated, window_start is null, span
    """)
    con.execute("""
        create or replace temp table moved_cells as
        with cells as (
            select distinct brand_id, kpi_id, grain, period_start,
                period_start + case grain
                    when 'day' then interval 1 day
                    when 'week' then interval 7 day
                    when 'month' then interval 31 day
                    else interval 93 day
                end as period_end
            from delta_values
            where reason <> 'definition_changed'
        ),
        -- Each cell beside the spans near it: beside all of them, years of days are millions of pairs.
        near as (
            select c.brand_id, c.kpi_id, c.grain, c.period_start,
                string_agg(distinct s.source_id, ', ' order by s.source_id) as sources
            from cells as c
            inner join moving_spans as s
                on c.brand_id = s.brand_id and c.kpi_id = s.kpi_id and s.is_feeding
                    and coalesce(
                        s.window_start < c.period_end + interval 1 day
                        and s.window_end > c.period_start - interval 1 day,
                        true
                    )
            group by all
        ),
        undated as (
            select brand_id, kpi_id, string_agg(distinct source_id, ', ' order by source_id) as sources
            from moving_spans
            where not is_dated
            group by all
        )
        select brand_id, kpi_id, grain, period_start, coalesce(near.sources, undated.sources) as moved_by
        from cells
        left join near using (brand_id, kpi_id, grain, period_start)
        left join undated using (brand_id, kpi_id)
        where moved_by is not null
    """)
    con.execute("""
        update delta_values as d set moved_by = m.moved_by
        from moved_cells as m
        where d.brand_id = m.brand_id and d.kpi_id = m.kpi_id and d.grain = m.grain
            and d.period_start = m.period_start
    """)
