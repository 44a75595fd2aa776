with

    devices as (select * from {{ source("raw", "ga4__devices") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            date as traffic_date,
            property_id,
            device,
            sessions,
            engaged_sessions,
            cast(engagement_seconds as decimal(18, 6)) as engagement_seconds,
            page_views,
            active_users,
            key_events,
            revenue,
            upper(trim(currency_code)) as currency_code
        from devices
    )

select *
from final
