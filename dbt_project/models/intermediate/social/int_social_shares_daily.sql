with

    captures as (
        select *
        from {{ ref("int_social_post_captures_unioned") }}
        where shares is not null
    ),

    brands as (select * from {{ source("control", "brands") }}),

    by_day as (
        select
            captures.brand_id,
            captures.source_id,
            captures.platform,
            captures.account,
            captures.post_id,
            {{ local_date("captures.published_at", "brands.timezone") }}
            as published_date,
            {{ local_date("captures.counters_at", "brands.timezone") }} as capture_date,
            captures.shares,
            captures.counters_at
        from captures
        inner join brands on captures.brand_id = brands.brand_id
    ),

    last_of_day as (
        select *
        from by_day
        qualify
            row_number() over (
                partition by source_id, platform, account, post_id, capture_date
                order by counters_at desc nulls last
            )
            = 1
    ),

    compared as (
        select
            *,
            lag(shares) over (
                partition by source_id, platform, account, post_id
                order by capture_date asc nulls last
            ) as previous_shares
        from last_of_day
    ),

    -- A lifetime count seen for the first time belongs to the day of the post, each
    -- later change to its own day.
    final as (
        select
            brand_id,
            source_id,
            platform,
            case
                when previous_shares is null then published_date else capture_date
            end as share_date,
            cast(sum(shares - coalesce(previous_shares, 0)) as bigint) as shares
        from compared
        group by
            brand_id,
            source_id,
            platform,
            case when previous_shares is null then published_date else capture_date end
    )

select *
from final
