{{ config(materialized="table") }}

with

    measure_sources as (select * from {{ ref("int_measure_sources") }}),

    loaded_days as (select * from {{ ref("int_measure_loaded_days") }}),

    brands as (select * from {{ ref("dim_brand") }}),

    periods as (select * from {{ ref("dim_period") }}),

    days as (select * from {{ ref("int_days") }}),

    -- Days are expected up to the end of the longest period that has begun.
    horizons as (
        select brands.brand_id, brands.as_of_date, max(periods.period_end) as horizon
        from brands
        inner join
            periods
            on brands.calendar_key = periods.calendar_key
            and brands.as_of_date >= periods.period_start
        group by brands.brand_id, brands.as_of_date
    ),

    spans as (
        select
            measure_sources.brand_id,
            measure_sources.source_id,
            measure_sources.measure,
            measure_sources.expect,
            measure_sources.usable_after_days,
            measure_sources.first_date,
            horizons.as_of_date,
            case
                when measure_sources.expect = 'daily'
                then {{ add_days("horizons.horizon", -1) }}
                when measure_sources.expect = 'until'
                then
                    least(
                        greatest(
                            measure_sources.expect_until, measure_sources.last_date
                        ),
                        {{ add_days("horizons.horizon", -1) }}
                    )
                else measure_sources.last_date
            end as last_date
        from measure_sources
        inner join horizons on measure_sources.brand_id = horizons.brand_id
    ),

    expected as (
        select
            spans.brand_id,
            spans.source_id,
            spans.measure,
            spans.expect,
            days.calendar_date,
            {{ add_days("days.calendar_date", "spans.usable_after_days") }}
            < spans.as_of_date as is_due
        from spans
        inner join
            days
            on spans.first_date <= days.calendar_date
            and spans.last_date >= days.calendar_date
    ),

    final as (
        select
            expected.brand_id,
            expected.source_id,
            expected.measure,
            expected.calendar_date,
            loaded_days.source_date,
            loaded_days.calendar_date is not null as is_loaded,
            loaded_days.calendar_date is null and expected.is_due as is_overdue
        from expected
        left join
            loaded_days
            on expected.brand_id = loaded_days.brand_id
            and expected.source_id = loaded_days.source_id
            and expected.measure = loaded_days.measure
            and expected.calendar_date = loaded_days.calendar_date
        where loaded_days.calendar_date is not null or expected.expect <> 'none'
    )

select *
from final
