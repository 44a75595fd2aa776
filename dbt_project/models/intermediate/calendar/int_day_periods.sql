{{ config(materialized="table") }}

with

    days as (select * from {{ ref("int_days") }}),

    periods as (select * from {{ ref("dim_period") }}),

    calendars as (select distinct calendar_key, grain from periods),

    -- The newest start so far is the day's period: an equality join and a running
    -- maximum, where a range join of
    -- days and periods would compare each day with each period on Spark.
    day_starts as (
        select
            calendars.calendar_key,
            calendars.grain,
            days.calendar_date,
            max(periods.period_start) over (
                partition by calendars.calendar_key, calendars.grain
                order by days.calendar_date nulls first
                rows between unbounded preceding and current row
            ) as period_start
        from calendars
        cross join days
        left join
            periods
            on calendars.calendar_key = periods.calendar_key
            and calendars.grain = periods.grain
            and days.calendar_date = periods.period_start
    ),

    final as (
        select
            day_starts.calendar_key,
            day_starts.grain,
            day_starts.calendar_date,
            periods.period_start,
            periods.period_end
        from day_starts
        inner join
            periods
            on day_starts.calendar_key = periods.calendar_key
            and day_starts.grain = periods.grain
            and day_starts.period_start = periods.period_start
        where day_starts.calendar_date < periods.period_end
    )

select *
from final
