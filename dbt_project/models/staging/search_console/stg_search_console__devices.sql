with

    devices as (select * from {{ source("raw", "search_console__devices") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            period_start,
            period_end,
            site,
            device,
            clicks,
            impressions,
            position
        from devices
    )

select *
from final
