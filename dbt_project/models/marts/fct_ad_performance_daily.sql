with

    ads as (select * from {{ ref("int_ad_performance_daily") }}),

    final as (
        select
            brand_id,
            source_id,
            ad_date,
            platform,
            account_id,
            campaign_id,
            campaign_name,
            campaign,
            campaign_type,
            channel_id,
            conversion_goal,
            attribution_setting,
            impressions,
            clicks,
            all_clicks,
            cost,
            currency_code,
            reporting_cost,
            reporting_currency_code,
            conversions,
            conversion_value,
            reporting_conversion_value
        from ads
    )

select *
from final
