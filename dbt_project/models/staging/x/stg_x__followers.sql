with

    followers as (select * from {{ source("raw", "x__followers") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            'x' as platform,
            -- An account that was renamed goes on under its newest name.
            coalesce(
                {{ newest_known("username", "captured_at") }} over (
                    partition by _source, account_id
                ),
                account_id
            ) as account,
            cast(_slice as date) as follower_date,
            followers_count as followers
        from followers
    )

select *
from final
