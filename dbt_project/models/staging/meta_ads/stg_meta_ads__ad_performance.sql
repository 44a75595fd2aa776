with

    ad_performance as (select * from {{ source("raw", "meta_ads__ad_performance") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            date as ad_date,
            account_id,
            campaign_id,
            campaign_name,
            adset_id,
            adset_name,
            ad_id,
            ad_name,
            impressions,
            clicks,
            clicks_all,
            reach,
            attribution_setting,
            cost,
            upper(trim(currency_code)) as currency_code,
            conversions,
            conversion_value,
            conversion_goal
        from ad_performance
    )

select *
from final
