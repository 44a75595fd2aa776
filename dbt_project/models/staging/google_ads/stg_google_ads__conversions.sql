with

    conversions as (select * from {{ source("raw", "google_ads__conversions") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            date as ad_date,
            account_id,
            campaign_id,
            campaign_name,
            -- Google counts each action by windows of its own, so no window is told.
            coalesce(conversion_action_name, conversion_action) as conversion_goal,
            cast(null as {{ dbt.type_string() }}) as attribution_window,
            conversion_action,
            conversions,
            conversion_value,
            upper(trim(currency_code)) as currency_code
        from conversions
    )

select *
from final
