-- With (unreconciled), every breakdown of a day sums to the day's total.
with

    traffic as (select * from {{ ref("fct_web_traffic_daily") }}),

    totals as (select * from traffic where segment_type = 'overall'),

    breakdowns as (
        select
            source_id,
            traffic_date,
            segment_type,
            sum(sessions) as sessions,
            sum(engaged_sessions) as engaged_sessions,
            sum(engagement_seconds) as engagement_seconds,
            sum(page_views) as page_views
        from traffic
        where segment_type <> 'overall'
        group by source_id, traffic_date, segment_type
    )

select breakdowns.source_id, breakdowns.traffic_date, breakdowns.segment_type
from breakdowns
inner join
    totals
    on breakdowns.source_id = totals.source_id
    and breakdowns.traffic_date = totals.traffic_date
where
    breakdowns.sessions <> totals.sessions
    or breakdowns.engaged_sessions <> totals.engaged_sessions
    or breakdowns.engagement_seconds <> totals.engagement_seconds
    or breakdowns.page_views <> totals.page_views
