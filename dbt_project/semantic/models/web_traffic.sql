-- Totals of the days only: breakdowns of a day add up to them again.
select
    brand_id,
    source_id,
    traffic_date as metric_date,
    sessions,
    engaged_sessions,
    engagement_seconds,
    page_views
from {{ source("kpi", "fct_web_traffic_daily") }}
where segment_type = 'overall'
