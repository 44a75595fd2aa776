{{ config(materialized="table") }}

with

    brands as (select * from {{ ref("dim_brand") }}),

    periods as (select * from {{ ref("dim_period") }} where grain = 'month'),

    channels as (select * from {{ ref("dim_channel") }}),

    budgets as (select * from {{ source("control", "budgets") }}),

    costs as (select * from {{ ref("int_channel_costs_monthly") }}),

    kpis as (
        select *
        from {{ ref("fct_kpi_monthly") }}
        where kpi_id in ('leads', 'revenue') and segment_type in ('overall', 'channel')
    ),

    told as (
        select brand_id, channel_id, month_start
        from budgets
        union all
        select brand_id, channel_id, period_start as month_start
        from costs
    ),

    -- A channel is told of from the first month that its sources tell or that has a
    -- plan.
    spans as (
        select brand_id, channel_id, min(month_start) as first_month
        from told
        group by brand_id, channel_id
    ),

    channel_months as (
        select
            spans.brand_id,
            spans.channel_id,
            brands.currency_code,
            brands.as_of_date,
            periods.period_index,
            periods.period_start,
            periods.period_end,
            periods.days,
            coalesce(channels.is_mapped, false) as is_mapped
        from spans
        inner join brands on spans.brand_id = brands.brand_id
        inner join
            periods
            on brands.calendar_key = periods.calendar_key
            and spans.first_month <= periods.period_start
            and brands.as_of_date >= periods.period_start
        left join channels on spans.channel_id = channels.channel_id
    ),

    broken_down as (
        select distinct brand_id, kpi_id from kpis where segment_type = 'channel'
    ),

    -- What channels brought in months of which it is known at all. A channel without
    -- a row brought nothing; of costs of no one channel, or of one with a name of its
    -- own that no lead or order tells, that can't be said.
    outcomes as (
        select
            channel_months.brand_id,
            channel_months.channel_id,
            channel_months.period_start,
            overall.kpi_id,
            coalesce(of_channel.numerator, cast(0 as decimal(38, 6))) as amount,
            overall.days_loaded = overall.days_expected
            and overall.status <> 'stale' as is_whole
        from channel_months
        inner join
            kpis as overall
            on channel_months.brand_id = overall.brand_id
            and channel_months.period_start = overall.period_start
            and overall.segment_type = 'overall'
        inner join
            broken_down
            on overall.brand_id = broken_down.brand_id
            and overall.kpi_id = broken_down.kpi_id
        left join
            kpis as of_channel
            on channel_months.brand_id = of_channel.brand_id
            and channel_months.period_start = of_channel.period_start
            and channel_months.channel_id = of_channel.segment
            and of_channel.segment_type = 'channel'
            and overall.kpi_id = of_channel.kpi_id
        where
            overall.numerator is not null
            and (
                of_channel.numerator is not null
                or (of_channel.kpi_id is null and channel_months.is_mapped)
            )
    ),

    final as (
        select
            channel_months.brand_id,
            channel_months.channel_id,
            channel_months.currency_code,
            channel_months.period_index,
            channel_months.period_start,
            channel_months.period_end,
            channel_months.days,
            budgets.amount as budget,
            costs.spend,
            costs.spend_to_date,
            costs.loaded_through,
            coalesce(costs.status, 'not_loaded') as status,
            leads.amount as leads,
            revenue.amount as revenue,
            coalesce(costs.is_whole, false)
            and costs.spend is not null
            and coalesce(leads.is_whole, false) as tells_leads,
            coalesce(costs.is_whole, false)
            and costs.spend is not null
            and coalesce(revenue.is_whole, false) as tells_revenue
        from channel_months
        left join
            budgets
            on channel_months.brand_id = budgets.brand_id
            and channel_months.channel_id = budgets.channel_id
            and channel_months.period_start = budgets.month_start
        left join
            costs
            on channel_months.brand_id = costs.brand_id
            and channel_months.channel_id = costs.channel_id
            and channel_months.period_start = costs.period_start
        left join
            outcomes as leads
            on channel_months.brand_id = leads.brand_id
            and channel_months.channel_id = leads.channel_id
            and channel_months.period_start = leads.period_start
            and leads.kpi_id = 'leads'
        left join
            outcomes as revenue
            on channel_months.brand_id = revenue.brand_id
            and channel_months.channel_id = revenue.channel_id
            and channel_months.period_start = revenue.period_start
            and revenue.kpi_id = 'revenue'
    )

select *
from final
