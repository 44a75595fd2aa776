with

    conversions as (select * from {{ source("raw", "tiktok_ads__conversions") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            date as ad_date,
            account_id,
            campaign_id,
            campaign_name,
            conversion_goal,
            attribution_window,
            conversions,
            conversion_value,
            upper(trim(currency_code)) as currency_code
        from conversions
    )

select *
from final
