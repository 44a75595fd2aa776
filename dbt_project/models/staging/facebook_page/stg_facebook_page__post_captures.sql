with

    posts as (select * from {{ source("raw", "facebook_page__posts") }}),

    accounts as (
        select
            _source, page_id, {{ newest_known("username", "captured_at") }} as account
        from {{ source("raw", "facebook_page__followers") }}
        group by _source, page_id
    ),

    {{ living_captures("posts", "post_id") }},

    final as (
        select
            captures._brand as brand_id,
            captures._source as source_id,
            'facebook' as platform,
            coalesce(accounts.account, captures.page_id) as account,
            captures.post_id,
            captures.reach,
            captures.views as impressions,
            captures.reactions as likes,
            captures.comments,
            captures.shares,
            cast(null as bigint) as saves,
            captures.clicks,
            captures.created_time as published_at,
            captures.counters_at
        from captures
        left join
            accounts
            on captures._source = accounts._source
            and captures.page_id = accounts.page_id
    )

select *
from final
