with

    users as (select * from {{ source("raw", "ga4__users") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            grain,
            period_start,
            period_end,
            property_id,
            active_users,
            total_users,
            new_users
        from users
    )

select *
from final
