with

    pages as (select * from {{ source("raw", "search_console__pages") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            period_start,
            period_end,
            site,
            page,
            clicks,
            impressions,
            position
        from pages
    )

select *
from final
