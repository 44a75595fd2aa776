with

    landing_pages as (select * from {{ source("raw", "ga4__landing_pages") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            date as traffic_date,
            property_id,
            landing_page,
            sessions,
            engaged_sessions,
            key_events
        from landing_pages
    )

select *
from final
