with

    brand_split as (select * from {{ source("raw", "search_console__brand_split") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            date as search_date,
            site,
            part,
            clicks,
            impressions,
            position
        from brand_split
    )

select *
from final
