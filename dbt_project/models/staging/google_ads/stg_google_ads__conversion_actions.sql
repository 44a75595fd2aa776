with

    conversion_actions as (
        select * from {{ source("raw", "google_ads__conversion_actions") }}
    ),

    {{ newest_version("conversion_actions", ["account_id", "conversion_action"]) }},

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            account_id,
            conversion_action,
            name as conversion_goal,
            status,
            type as action_type,
            category,
            counting_type,
            is_primary,
            is_in_conversions,
            click_window_days,
            view_window_days,
            attribution_model,
            is_gone
        from newest
    )

select *
from final
