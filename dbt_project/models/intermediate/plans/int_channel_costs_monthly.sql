{{ config(materialized="table") }}

with

    brands as (select * from {{ ref("dim_brand") }}),

    periods as (select * from {{ ref("dim_period") }} where grain = 'month'),

    months as (select * from {{ ref("int_day_periods") }} where grain = 'month'),

    measure_days as (
        select * from {{ ref("int_measure_days") }} where measure = 'marketing_cost'
    ),

    measure_sources as (
        select * from {{ ref("int_measure_sources") }} where measure = 'marketing_cost'
    ),

    -- The amounts that cost KPIs are made of.
    costs as (
        select
            measures.brand_id,
            measures.source_id,
            measures.segment as channel_id,
            measures.measure_date as cost_date,
            months.period_start,
            measures.amount
        from {{ ref("int_kpi_measures_daily") }} as measures
        inner join brands on measures.brand_id = brands.brand_id
        inner join
            months
            on brands.calendar_key = months.calendar_key
            and measures.measure_date = months.calendar_date
        where
            measures.measure = 'marketing_cost'
            and measures.segment_type = 'channel'
            and measures.measure_date <= brands.as_of_date
    ),

    channel_sources as (select distinct brand_id, channel_id, source_id from costs),

    settling as (
        select
            channel_sources.brand_id,
            channel_sources.channel_id,
            max(measure_sources.final_after_days) as final_after_days,
            case
                when count(*) = count(measure_sources.expect_until)
                then max(measure_sources.expect_until)
            end as expect_until
        from channel_sources
        inner join
            measure_sources
            on channel_sources.brand_id = measure_sources.brand_id
            and channel_sources.source_id = measure_sources.source_id
        group by channel_sources.brand_id, channel_sources.channel_id
    ),

    -- A channel's day is told when every source of the channel that should have it
    -- has it.
    channel_days as (
        select
            channel_sources.brand_id,
            channel_sources.channel_id,
            measure_days.calendar_date,
            max(measure_days.source_date) as source_date,
            bool_and(measure_days.is_loaded) as is_loaded,
            bool_or(measure_days.is_overdue) as is_overdue
        from channel_sources
        inner join
            measure_days
            on channel_sources.brand_id = measure_days.brand_id
            and channel_sources.source_id = measure_days.source_id
        group by
            channel_sources.brand_id,
            channel_sources.channel_id,
            measure_days.calendar_date
    ),

    coverage as (
        select
            channel_days.brand_id,
            channel_days.channel_id,
            months.period_start,
            count(*) as days_expected,
            count(case when channel_days.is_loaded then 1 end) as days_loaded,
            bool_or(channel_days.is_overdue) as is_overdue,
            max(
                case when channel_days.is_loaded then channel_days.source_date end
            ) as loaded_through
        from channel_days
        inner join brands on channel_days.brand_id = brands.brand_id
        inner join
            months
            on brands.calendar_key = months.calendar_key
            and channel_days.calendar_date = months.calendar_date
        group by channel_days.brand_id, channel_days.channel_id, months.period_start
    ),

    -- One unknown amount (a missing exchange rate) makes the sum unknown, not smaller.
    spent as (
        select
            costs.brand_id,
            costs.channel_id,
            costs.period_start,
            count(*) > count(costs.amount) as is_unknown,
            {{ exact_sum("costs.amount") }} as spend,
            {{
                exact_sum(
                    "case when costs.cost_date <= coverage.loaded_through then costs.amount end"
                )
            }}
            as spend_to_date
        from costs
        left join
            coverage
            on costs.brand_id = coverage.brand_id
            and costs.channel_id = coverage.channel_id
            and costs.period_start = coverage.period_start
        group by costs.brand_id, costs.channel_id, costs.period_start
    ),

    final as (
        select
            coverage.brand_id,
            coverage.channel_id,
            coverage.period_start,
            case
                when coverage.days_loaded > 0 and not coalesce(spent.is_unknown, false)
                then coalesce(spent.spend, cast(0 as decimal(38, 6)))
            end as spend,
            -- What the channel's sources have all told: that alone is compared with a
            -- share of the month.
            case
                when coverage.days_loaded > 0 and not coalesce(spent.is_unknown, false)
                then coalesce(spent.spend_to_date, cast(0 as decimal(38, 6)))
            end as spend_to_date,
            coverage.loaded_through,
            periods.period_end <= brands.as_of_date
            and coverage.days_loaded = coverage.days_expected as is_whole,
            case
                when
                    coverage.days_loaded = 0
                    or (coalesce(spent.is_unknown, false) and not coverage.is_overdue)
                then 'not_loaded'
                when coverage.is_overdue
                then 'stale'
                when
                    brands.as_of_date < least(
                        periods.period_end,
                        coalesce(
                            {{ add_days("settling.expect_until", 1) }},
                            periods.period_end
                        )
                    )
                    or {{
                        add_days(
                            "least(periods.period_end, coalesce("
                            ~ add_days("settling.expect_until", 1)
                            ~ ", periods.period_end))",
                            "settling.final_after_days",
                        )
                    }} >= brands.as_of_date
                then 'provisional'
                else 'final'
            end as status
        from coverage
        inner join brands on coverage.brand_id = brands.brand_id
        inner join
            periods
            on brands.calendar_key = periods.calendar_key
            and coverage.period_start = periods.period_start
            and brands.as_of_date >= periods.period_start
        inner join
            settling
            on coverage.brand_id = settling.brand_id
            and coverage.channel_id = settling.channel_id
        left join
            spent
            on coverage.brand_id = spent.brand_id
            and coverage.channel_id = spent.channel_id
            and coverage.period_start = spent.period_start
    )

select *
from final
