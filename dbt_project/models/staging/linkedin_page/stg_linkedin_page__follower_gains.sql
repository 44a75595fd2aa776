with

    gains as (select * from {{ source("raw", "linkedin_page__follower_gains") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            account_id,
            day as gain_date,
            organic_follower_gains,
            paid_follower_gains
        from gains
    )

select *
from final
