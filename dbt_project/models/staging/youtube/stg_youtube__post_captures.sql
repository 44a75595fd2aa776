with

    posts as (select * from {{ source("raw", "youtube__posts") }}),

    accounts as (
        select
            _source,
            account_id,
            {{ newest_known("trim(leading '@' from handle)", "captured_at") }}
            as account
        from {{ source("raw", "youtube__followers") }}
        group by _source, account_id
    ),

    {{ living_captures("posts", "post_id") }},

    final as (
        select
            captures._brand as brand_id,
            captures._source as source_id,
            'youtube' as platform,
            coalesce(accounts.account, captures.account_id) as account,
            captures.post_id,
            cast(null as bigint) as reach,
            cast(null as bigint) as impressions,
            captures.like_count as likes,
            captures.comment_count as comments,
            cast(null as bigint) as shares,
            cast(null as bigint) as saves,
            cast(null as bigint) as clicks,
            captures.published_at as published_at,
            captures.counters_at
        from captures
        left join
            accounts
            on captures._source = accounts._source
            and captures.account_id = accounts.account_id
    )

select *
from final
