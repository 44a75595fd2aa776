with

    ad_group_performance as (
        select * from {{ source("raw", "google_ads__ad_group_performance") }}
    ),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            date as ad_date,
            account_id,
            campaign_id,
            campaign_name,
            ad_group_id,
            ad_group_name,
            ad_group_type,
            impressions,
            clicks,
            cost,
            upper(trim(currency_code)) as currency_code,
            conversions,
            conversion_value
        from ad_group_performance
    )

select *
from final
