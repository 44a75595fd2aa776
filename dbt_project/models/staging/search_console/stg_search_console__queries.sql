with

    queries as (select * from {{ source("raw", "search_console__queries") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            period_start,
            period_end,
            site,
            query,
            clicks,
            impressions,
            position
        from queries
    )

select *
from final
