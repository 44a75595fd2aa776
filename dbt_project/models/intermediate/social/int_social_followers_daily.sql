with

    followers as (select * from {{ ref("int_social_followers_unioned") }}),

    final as (
        select
            brand_id,
            source_id,
            platform,
            account,
            follower_date,
            followers,
            min(follower_date) over (
                partition by brand_id, source_id, platform, account
            ) as first_date,
            lag(follower_date) over (
                partition by brand_id, source_id, platform, account
                order by follower_date asc nulls last
            ) as previous_date,
            lag(followers) over (
                partition by brand_id, source_id, platform, account
                order by follower_date asc nulls last
            ) as previous_followers
        from followers
    )

select *
from final
