with

    days as (select * from {{ ref("stg_calendar__days") }}),

    final as (select calendar_date, day_number, iso_weekday from days)

select *
from final
