with

    snapshots as (select * from {{ source("raw", "subscriptions__snapshots") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            subscriber_id,
            item_id,
            plan,
            platform,
            lower(status) as status,
            currency_code,
            coalesce(lower(interval), 'month') as billing_interval,
            coalesce(nullif(interval_count, 0), 1) as interval_count,
            coalesce(quantity, 1) as quantity,
            amount,
            snapshot_at
        from snapshots
        where not coalesce(_is_deleted, false)
    )

select *
from final
