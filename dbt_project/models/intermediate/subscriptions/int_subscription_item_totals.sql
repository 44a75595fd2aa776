{{ config(materialized="table") }}

with

    snapshots as (
        select * from {{ ref("int_subscription_snapshots") }} where is_item_state
    ),

    levels as (select * from {{ ref("int_subscription_levels") }}),

    counts as (select * from {{ ref("int_subscriber_counts") }}),

    rates as (select * from {{ ref("int_exchange_rates") }}),

    converted as (
        select
            snapshots.source_id,
            snapshots.snapshot_at,
            levels.paying_rows,
            {{ level_amount() }} as mrr_reporting
        from snapshots
        inner join
            levels
            on snapshots.source_id = levels.source_id
            and levels.valid_from <= snapshots.snapshot_date
            and levels.valid_to > snapshots.snapshot_date
        left join
            rates
            on snapshots.snapshot_date = rates.rate_date
            and levels.currency_code = rates.from_currency
            and levels.reporting_currency_code = rates.to_currency
    ),

    totals as (
        select
            source_id,
            snapshot_at,
            {{ complete_sum("mrr_reporting", "1") }} as mrr,
            cast(sum(paying_rows) as bigint) as payers
        from converted
        group by source_id, snapshot_at
    ),

    final as (
        select
            totals.source_id,
            totals.snapshot_at,
            totals.mrr,
            totals.payers,
            counts.subscribers
        from totals
        inner join
            snapshots
            on totals.source_id = snapshots.source_id
            and totals.snapshot_at = snapshots.snapshot_at
        inner join
            counts
            on snapshots.source_id = counts.source_id
            and counts.valid_from <= snapshots.snapshot_date
            and counts.valid_to > snapshots.snapshot_date
    )

select *
from final
