with

    followers as (select * from {{ source("raw", "linkedin_page__followers") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            'linkedin' as platform,
            account_id as account,
            cast(_slice as date) as follower_date,
            first_degree_size as followers
        from followers
    )

select *
from final
