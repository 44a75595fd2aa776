with

    conversions as (select * from {{ ref("int_ad_conversions") }}),

    final as (
        select
            brand_id,
            source_id,
            platform,
            ad_date,
            account_id,
            campaign_id,
            campaign_name,
            campaign,
            conversion_goal,
            attribution_window,
            conversions,
            conversion_value,
            currency_code,
            reporting_conversion_value,
            reporting_currency_code
        from conversions
    )

select *
from final
