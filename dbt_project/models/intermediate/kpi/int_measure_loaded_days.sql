{{ config(materialized="table") }}

with

    loaded_spans as (select * from {{ ref("int_loaded_spans") }}),

    measures as (select * from {{ ref("measures") }}),

    brands as (select * from {{ ref("dim_brand") }}),

    days as (select * from {{ ref("int_days") }}),

    sources as (select * from {{ source("control", "sources") }}),

    costs as (select * from {{ ref("int_costs_spread_daily") }}),

    -- A count taken at a moment holds for that day and is carried at most 7 more.
    carried as (
        select
            loaded_spans.brand_id,
            loaded_spans.source_id,
            measures.measure,
            loaded_spans.span_start,
            {{ add_days("loaded_spans.span_end", -1) }} as source_last,
            case
                when measures.additivity = 'semi_additive'
                then
                    least(
                        {{ add_days("loaded_spans.span_end", 7) }},
                        coalesce(
                            loaded_spans.next_span_start,
                            {{ add_days("loaded_spans.span_end", 7) }}
                        )
                    )
                else loaded_spans.span_end
            end as carried_end
        from loaded_spans
        inner join
            measures
            on loaded_spans.connector = measures.connector
            and loaded_spans.stream = measures.stream
    ),

    covered as (
        select
            carried.brand_id,
            carried.source_id,
            carried.measure,
            days.calendar_date,
            max(least(days.calendar_date, carried.source_last)) as source_date
        from carried
        inner join brands on carried.brand_id = brands.brand_id
        inner join
            days
            on carried.span_start <= days.calendar_date
            and carried.carried_end > days.calendar_date
            and brands.as_of_date >= days.calendar_date
        group by
            carried.brand_id, carried.source_id, carried.measure, days.calendar_date
    ),

    -- Where no cost is expected on any day, a cost tells the days that it is spread
    -- over:
    -- a licence bought in March is known in May. Where costs are expected, it would
    -- hide
    -- that May's are missing.
    told_by_costs as (
        select distinct
            costs.brand_id,
            costs.source_id,
            measures.measure,
            costs.cost_date as calendar_date
        from costs
        inner join
            sources on costs.source_id = sources.source_id and sources.expect = 'none'
        inner join
            measures on measures.connector = 'costs' and measures.stream = 'costs'
        inner join
            brands
            on costs.brand_id = brands.brand_id
            and brands.as_of_date >= costs.cost_date
    ),

    all_days as (
        select *
        from covered
        union all
        select brand_id, source_id, measure, calendar_date, calendar_date as source_date
        from told_by_costs
    ),

    final as (
        select
            brand_id, source_id, measure, calendar_date, max(source_date) as source_date
        from all_days
        group by brand_id, source_id, measure, calendar_date
    )

select *
from final
