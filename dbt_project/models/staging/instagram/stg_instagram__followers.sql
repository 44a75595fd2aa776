with

    followers as (select * from {{ source("raw", "instagram__followers") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            'instagram' as platform,
            -- An account that was renamed goes on under its newest handle.
            {{ newest_known("username", "captured_at") }} over (
                partition by _source, account_id
            ) as account,
            cast(_slice as date) as follower_date,
            followers_count as followers
        from followers
    )

select *
from final
