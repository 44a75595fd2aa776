with

    pages as (select * from {{ source("raw", "ga4__pages") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            date as traffic_date,
            property_id,
            page_path,
            page_views,
            cast(engagement_seconds as decimal(18, 6)) as engagement_seconds,
            active_users
        from pages
    )

select *
from final
