with

    countries as (select * from {{ source("raw", "search_console__countries") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            period_start,
            period_end,
            site,
            country,
            clicks,
            impressions,
            position
        from countries
    )

select *
from final
