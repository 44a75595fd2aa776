with

    brands as (select * from {{ source("control", "brands") }}),

    final as (
        select
            brand_id,
            name,
            name_fa,
            timezone,
            currency_code,
            calendar,
            week_start,
            fiscal_year_start,
            calendar_key,
            gross_margin,
            as_of_date
        from brands
    )

select *
from final
