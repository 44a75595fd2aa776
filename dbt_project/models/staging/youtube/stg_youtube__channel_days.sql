with

    days as (select * from {{ source("raw", "youtube__channel_days") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            account_id,
            day as channel_date,
            subscribers_gained,
            subscribers_lost,
            views,
            likes,
            comments,
            shares,
            estimated_minutes_watched
        from days
    )

select *
from final
