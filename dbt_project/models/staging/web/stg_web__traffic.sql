with

    traffic as (select * from {{ source("raw", "web__traffic") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            _slice as slice,
            date as traffic_date,
            channel_group,
            source,
            medium,
            campaign,
            sessions,
            engaged_sessions,
            cast(engagement_seconds as decimal(18, 6)) as engagement_seconds,
            page_views,
            active_users,
            key_events,
            revenue,
            upper(trim(currency_code)) as currency_code
        from traffic
    )

select *
from final
