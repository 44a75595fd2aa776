with

    followers as (select * from {{ source("raw", "facebook_page__followers") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            'facebook' as platform,
            -- A page that was renamed goes on under its newest handle, one without by
            -- its number.
            coalesce(
                {{ newest_known("username", "captured_at") }} over (
                    partition by _source, page_id
                ),
                page_id
            ) as account,
            cast(_slice as date) as follower_date,
            followers_count as followers
        from followers
    )

select *
from final
