with

    posts as (select * from {{ ref("int_social_posts") }}),

    final as (
        select
            brand_id,
            source_id,
            platform,
            account,
            post_id,
            published_date,
            published_at,
            counters_at,
            reach,
            impressions,
            likes,
            comments,
            shares,
            saves,
            clicks,
            interactions
        from posts
    )

select *
from final
