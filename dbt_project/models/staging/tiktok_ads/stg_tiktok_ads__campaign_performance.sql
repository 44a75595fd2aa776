with

    campaign_performance as (
        select * from {{ source("raw", "tiktok_ads__campaign_performance") }}
    ),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            date as ad_date,
            account_id,
            campaign_id,
            campaign_name,
            impressions,
            clicks,
            campaign_type,
            cost,
            upper(trim(currency_code)) as currency_code,
            conversions,
            conversion_value,
            conversion_goal
        from campaign_performance
    )

select *
from final
