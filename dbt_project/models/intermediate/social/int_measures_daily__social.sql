with

    posts as (
        select
            brand_id,
            source_id,
            platform,
            published_date as measure_date,
            likes as social_likes,
            -- Both sides of the engagement rate, or neither.
            case when reach is not null then interactions end as social_interactions,
            case when interactions is not null then reach end as social_reach,
            cast(null as bigint) as social_shares
        from {{ ref("int_social_posts") }}
    ),

    shares as (
        select
            brand_id,
            source_id,
            platform,
            share_date as measure_date,
            cast(null as bigint) as social_likes,
            cast(null as bigint) as social_interactions,
            cast(null as bigint) as social_reach,
            shares as social_shares
        from {{ ref("int_social_shares_daily") }}
    ),

    unioned as (
        select *
        from posts
        union all
        select *
        from shares
    ),

    by_segment as (
        select *, 'overall' as segment_type, 'all' as segment
        from unioned
        union all
        select *, 'platform' as segment_type, platform as segment
        from unioned
    ),

    sums as (
        select
            brand_id,
            source_id,
            measure_date,
            segment_type,
            segment,
            sum(social_likes) as social_likes,
            sum(social_interactions) as social_interactions,
            sum(social_reach) as social_reach,
            sum(social_shares) as social_shares
        from by_segment
        group by brand_id, source_id, measure_date, segment_type, segment
    ),

    -- A count that no network of the brand tells is unknown, not 0.
    told as (
        select
            *,
            case
                when
                    social_likes is not null
                    or count(social_likes) over (partition by brand_id) = 0
                    and segment_type = 'overall'
                then 1
            end as has_likes,
            case
                when
                    social_shares is not null
                    or count(social_shares) over (partition by brand_id) = 0
                    and segment_type = 'overall'
                then 1
            end as has_shares
        from sums
    ),

    final as (
        {{
            measure_rows(
                "told",
                [
                    "social_likes",
                    "social_interactions",
                    "social_reach",
                    "social_shares",
                ],
                existing={"social_likes": "has_likes", "social_shares": "has_shares"},
            )
        }}
    )

select *
from final
