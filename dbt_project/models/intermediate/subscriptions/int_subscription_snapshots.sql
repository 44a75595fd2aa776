{{ config(materialized="table") }}

with

    snapshots as (select * from {{ ref("stg_subscriptions__snapshots") }}),

    slices as (
        select *
        from {{ source("control", "slices") }}
        where connector = 'subscriptions' and stream = 'snapshots' and row_count = 0
    ),

    brands as (select * from {{ source("control", "brands") }}),

    moments as (
        select distinct brand_id, source_id, snapshot_at
        from snapshots
        union
        -- A listed moment without rows says that nobody is left.
        select brand_id, source_id, try_cast(slice as timestamp) as snapshot_at
        from slices
    ),

    placed as (
        select
            moments.brand_id,
            moments.source_id,
            moments.snapshot_at,
            {{ local_date("moments.snapshot_at", "brands.timezone") }} as snapshot_date
        from moments
        inner join brands on moments.brand_id = brands.brand_id
        where moments.snapshot_at is not null
    ),

    final as (
        select brand_id, source_id, snapshot_date, max(snapshot_at) as snapshot_at
        from placed
        group by brand_id, source_id, snapshot_date
    )

select *
from final
