with

    brands as (select * from {{ ref("dim_brand") }}),

    measure_days as (select * from {{ ref("int_measure_days") }}),

    final as (
        select
            measure_days.brand_id,
            measure_days.source_id,
            measure_days.measure,
            measure_days.calendar_date as missing_date,
            measure_days.is_overdue
        from measure_days
        inner join brands on measure_days.brand_id = brands.brand_id
        where
            not measure_days.is_loaded
            and measure_days.calendar_date <= brands.as_of_date
    )

select *
from final
