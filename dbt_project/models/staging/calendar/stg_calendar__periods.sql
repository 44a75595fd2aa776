with

    periods as (select * from {{ source("raw", "calendar__periods") }}),

    final as (
        select
            calendar_key,
            calendar,
            week_start,
            fiscal_year_start,
            grain,
            period_index,
            period_start,
            period_end,
            days,
            previous_start,
            year_ago_start,
            label_en,
            label_fa
        from periods
    )

select *
from final
