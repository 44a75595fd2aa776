with

    posts as (select * from {{ source("raw", "linkedin_page__posts") }}),

    {{ living_captures("posts", "post_id") }},

    final as (
        select
            captures._brand as brand_id,
            captures._source as source_id,
            'linkedin' as platform,
            captures.account_id as account,
            captures.post_id,
            captures.unique_impressions_count as reach,
            captures.impression_count as impressions,
            captures.like_count as likes,
            captures.comment_count as comments,
            captures.share_count as shares,
            cast(null as bigint) as saves,
            captures.click_count as clicks,
            captures.published_at as published_at,
            captures.counters_at
        from captures
    )

select *
from final
