with

    posts as (select * from {{ source("raw", "x__posts") }}),

    accounts as (
        select
            _source,
            account_id,
            {{ newest_known("username", "captured_at") }} as account
        from {{ source("raw", "x__followers") }}
        group by _source, account_id
    ),

    {{ living_captures("posts", "post_id") }},

    final as (
        select
            captures._brand as brand_id,
            captures._source as source_id,
            'x' as platform,
            coalesce(accounts.account, captures.account_id) as account,
            captures.post_id,
            cast(null as bigint) as reach,
            captures.impression_count as impressions,
            captures.like_count as likes,
            captures.reply_count as comments,
            captures.retweet_count + captures.quote_count as shares,
            captures.bookmark_count as saves,
            cast(null as bigint) as clicks,
            captures.created_at as published_at,
            captures.counters_at
        from captures
        left join
            accounts
            on captures._source = accounts._source
            and captures.account_id = accounts.account_id
    )

select *
from final
