with

    followers as (select * from {{ source("raw", "social__followers") }}),

    newest as (
        select *
        from followers
        qualify
            row_number() over (
                partition by _source, date, lower(platform), account
                order by
                    _load_id desc nulls last,
                    _file desc nulls last,
                    _line desc nulls last
            )
            = 1
    ),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            lower(platform) as platform,
            account,
            date as follower_date,
            followers
        from newest
    )

select *
from final
