with

    followers as (select * from {{ ref("int_social_followers_daily") }}),

    final as (
        select
            brand_id,
            source_id,
            platform,
            account,
            follower_date,
            followers,
            previous_date,
            followers - previous_followers as net_new_followers
        from followers
    )

select *
from final
