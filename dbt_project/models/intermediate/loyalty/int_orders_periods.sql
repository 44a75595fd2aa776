{{ config(materialized="table") }}

with

    spans as (select * from {{ ref("int_orders_loaded_spans") }}),

    brands as (select * from {{ ref("dim_brand") }}),

    periods as (select * from {{ ref("dim_period") }}),

    final as (
        select
            spans.brand_id,
            periods.calendar_key,
            periods.grain,
            periods.period_start,
            periods.period_end,
            periods.previous_start,
            spans.first_day,
            spans.end_day,
            brands.as_of_date,
            {{ days_between("date '1970-01-01'", "periods.period_end") }}
            as end_day_number,
            {{ days_between("spans.first_day", "periods.period_end") }}
            as days_of_history
        from spans
        inner join brands on spans.brand_id = brands.brand_id
        inner join periods on brands.calendar_key = periods.calendar_key
        where
            periods.period_start < spans.end_day
            and periods.period_end > spans.first_day
            and periods.period_start <= brands.as_of_date
    )

select *
from final
