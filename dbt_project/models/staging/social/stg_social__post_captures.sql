with

    posts as (select * from {{ source("raw", "social__posts") }}),

    deletions as (
        select
            _source,
            lower(platform) as platform,
            account,
            post_id,
            max(_load_id) as load_id
        from posts
        where coalesce(_is_deleted, false)
        group by _source, lower(platform), account, post_id
    ),

    -- The same capture landed again (a corrected file) replaces the earlier one.
    newest as (
        select *, coalesce(captured_at, _loaded_at) as counters_at
        from posts
        where not coalesce(_is_deleted, false)
        qualify
            row_number() over (
                partition by
                    _source,
                    lower(platform),
                    account,
                    post_id,
                    coalesce(captured_at, _loaded_at)
                order by
                    _load_id desc nulls last,
                    _file desc nulls last,
                    _line desc nulls last
            )
            = 1
    ),

    final as (
        select
            newest._brand as brand_id,
            newest._source as source_id,
            lower(newest.platform) as platform,
            newest.account,
            newest.post_id,
            newest.reach,
            newest.impressions,
            newest.likes,
            newest.comments,
            newest.shares,
            newest.saves,
            newest.clicks,
            newest.published_at,
            newest.counters_at
        from newest
        left join
            deletions
            on newest._source = deletions._source
            and lower(newest.platform) = deletions.platform
            and newest.account = deletions.account
            and newest.post_id = deletions.post_id
            and newest._load_id <= deletions.load_id
        where deletions.post_id is null
    )

select *
from final
