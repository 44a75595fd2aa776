with

    pages as (select * from {{ source("raw", "plausible__pages") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            date as traffic_date,
            site_id,
            page as page_path,
            pageviews as page_views,
            visitors as active_users,
            coalesce(imports_included, false) as has_imports
        from pages
    )

select *
from final
