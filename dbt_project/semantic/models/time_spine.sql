-- Days, with the first day of the weeks, months and quarters that MetricFlow lacks.
select
    calendar_date as date_day,
    calendar_date - cast((iso_weekday + 1) % 7 as integer) as saturday_week,
    calendar_date - cast(iso_weekday % 7 as integer) as sunday_week,
    min(calendar_date) over (partition by jalali_year, jalali_month) as jalali_month,
    min(calendar_date) over (partition by jalali_year, jalali_quarter) as jalali_quarter
from {{ source("kpi", "dim_date") }}
