with

    captures as (select * from {{ ref("int_social_post_captures_unioned") }}),

    brands as (select * from {{ source("control", "brands") }}),

    newest as (
        select *
        from captures
        qualify
            row_number() over (
                partition by source_id, platform, account, post_id
                order by counters_at desc nulls last
            )
            = 1
    ),

    final as (
        select
            newest.brand_id,
            newest.source_id,
            newest.platform,
            newest.account,
            newest.post_id,
            {{ local_date("newest.published_at", "brands.timezone") }}
            as published_date,
            newest.published_at,
            newest.counters_at,
            newest.reach,
            newest.impressions,
            newest.likes,
            newest.comments,
            newest.shares,
            newest.saves,
            newest.clicks,
            case
                when
                    coalesce(newest.likes, newest.comments, newest.shares, newest.saves)
                    is not null
                then
                    coalesce(newest.likes, 0)
                    + coalesce(newest.comments, 0)
                    + coalesce(newest.shares, 0)
                    + coalesce(newest.saves, 0)
            end as interactions
        from newest
        inner join brands on newest.brand_id = brands.brand_id
    )

select *
from final
