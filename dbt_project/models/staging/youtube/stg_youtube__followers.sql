with

    followers as (select * from {{ source("raw", "youtube__followers") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            'youtube' as platform,
            -- An account that was renamed goes on under its newest name.
            coalesce(
                {{ newest_known("trim(leading '@' from handle)", "captured_at") }}
                over (partition by _source, account_id),
                account_id
            ) as account,
            cast(_slice as date) as follower_date,
            subscriber_count as followers
        from followers
        where subscriber_count is not null
    )

select *
from final
