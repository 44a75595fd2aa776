with

    posts as (select * from {{ source("raw", "instagram__posts") }}),

    accounts as (
        select
            _source,
            account_id,
            {{ newest_known("username", "captured_at") }} as account
        from {{ source("raw", "instagram__followers") }}
        group by _source, account_id
    ),

    {{ living_captures("posts", "media_id") }},

    final as (
        select
            captures._brand as brand_id,
            captures._source as source_id,
            'instagram' as platform,
            coalesce(accounts.account, captures.account_id) as account,
            captures.media_id as post_id,
            captures.reach,
            captures.views as impressions,
            captures.like_count as likes,
            captures.comments_count as comments,
            captures.shares,
            captures.saved as saves,
            cast(null as bigint) as clicks,
            captures.timestamp as published_at,
            captures.counters_at
        from captures
        left join
            accounts
            on captures._source = accounts._source
            and captures.account_id = accounts.account_id
    )

select *
from final
