{{ config(materialized="table") }}

with

    snapshots as (select * from {{ ref("stg_subscriptions__snapshots") }}),

    slices as (
        select *
        from {{ source("control", "slices") }}
        where connector = 'subscriptions' and stream = 'snapshots' and row_count = 0
    ),

    item_spans as (
        select *
        from {{ ref("int_loaded_spans") }}
        where
            (connector = 'subscriptions' and stream = 'items')
            or (connector = 'stripe' and stream = 'subscriptions')
    ),

    brands as (select * from {{ source("control", "brands") }}),

    days as (select * from {{ ref("int_days") }}),

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

    item_reaches as (
        select
            brand_id,
            source_id,
            min(span_start) as first_day,
            {{ add_days("max(span_end)", -1) }} as last_day
        from item_spans
        group by brand_id, source_id
    ),

    final as (
        select
            brand_id,
            source_id,
            snapshot_date,
            max(snapshot_at) as snapshot_at,
            false as is_item_state
        from placed
        group by brand_id, source_id, snapshot_date
        union all
        -- A history of items has a state at the end of each of its days.
        select
            item_reaches.brand_id,
            item_reaches.source_id,
            days.calendar_date as snapshot_date,
            {{ end_of_day("days.calendar_date", "brands.timezone") }} as snapshot_at,
            true as is_item_state
        from item_reaches
        inner join brands on item_reaches.brand_id = brands.brand_id
        inner join
            days
            on item_reaches.first_day <= days.calendar_date
            and item_reaches.last_day >= days.calendar_date
            and brands.as_of_date >= days.calendar_date
    )

select *
from final
