with

    totals as (select * from {{ source("raw", "search_console__totals") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            date as search_date,
            site,
            clicks,
            impressions,
            position
        from totals
    )

select *
from final
