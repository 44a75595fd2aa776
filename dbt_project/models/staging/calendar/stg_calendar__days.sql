with

    days as (select * from {{ source("raw", "calendar__days") }}),

    final as (
        select
            date as calendar_date,
            day_number,
            iso_weekday,
            year,
            quarter,
            month,
            day,
            iso_year,
            iso_week,
            jalali_year,
            jalali_quarter,
            jalali_month,
            jalali_day,
            jalali_date,
            jalali_month_name_fa,
            weekday_name_en,
            weekday_name_fa
        from days
    )

select *
from final
