select
    brand_id,
    source_id,
    ad_date as metric_date,
    platform,
    channel_id,
    campaign,
    impressions as ad_impressions,
    clicks as ad_clicks,
    reporting_cost as ad_spend,
    conversions as platform_conversions,
    case
        when conversions is not null then reporting_cost
    end as platform_spend_with_conversions
from {{ source("kpi", "fct_ad_performance_daily") }}
