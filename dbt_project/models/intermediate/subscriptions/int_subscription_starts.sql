-- What the subscribers of a source pay at the start of each compared pair of days, at
-- the start's rates and at the end's; the difference is what exchange rates moved.
with

    periods as (
        select distinct source_id, start_snapshot_at, end_snapshot_at
        from {{ ref("int_subscription_periods") }}
        where end_snapshot_at is not null and start_snapshot_at is not null
    ),

    snapshots as (
        select * from {{ ref("int_subscription_snapshots") }} where is_item_state
    ),

    totals as (select * from {{ ref("int_subscription_totals") }}),

    levels as (select * from {{ ref("int_subscription_levels") }}),

    rates as (select * from {{ ref("int_exchange_rates") }}),

    pairs as (
        select
            periods.*,
            starts.snapshot_date as start_date,
            ends.snapshot_date as end_date,
            totals.mrr as mrr_start,
            totals.subscribers as subscribers_start
        from periods
        inner join
            snapshots as starts
            on periods.source_id = starts.source_id
            and periods.start_snapshot_at = starts.snapshot_at
        inner join
            snapshots as ends
            on periods.source_id = ends.source_id
            and periods.end_snapshot_at = ends.snapshot_at
        inner join
            totals
            on periods.source_id = totals.source_id
            and periods.start_snapshot_at = totals.snapshot_at
    ),

    converted as (
        select
            pairs.source_id,
            pairs.start_snapshot_at,
            pairs.end_snapshot_at,
            {{ level_amount() }} as mrr_end_rate
        from pairs
        inner join
            levels
            on pairs.source_id = levels.source_id
            and levels.valid_from <= pairs.start_date
            and levels.valid_to > pairs.start_date
        left join
            rates
            on pairs.end_date = rates.rate_date
            and levels.currency_code = rates.from_currency
            and levels.reporting_currency_code = rates.to_currency
    ),

    at_end_rates as (
        select
            source_id,
            start_snapshot_at,
            end_snapshot_at,
            {{ complete_sum("mrr_end_rate", "1") }} as mrr_start_at_end_rate
        from converted
        group by source_id, start_snapshot_at, end_snapshot_at
    ),

    final as (
        select
            pairs.source_id,
            pairs.start_snapshot_at,
            pairs.end_snapshot_at,
            pairs.mrr_start,
            case
                when at_end_rates.source_id is null
                then cast(0 as decimal(38, 6))
                else at_end_rates.mrr_start_at_end_rate
            end as mrr_start_at_end_rate,
            pairs.subscribers_start
        from pairs
        left join
            at_end_rates
            on pairs.source_id = at_end_rates.source_id
            and pairs.start_snapshot_at = at_end_rates.start_snapshot_at
            and pairs.end_snapshot_at = at_end_rates.end_snapshot_at
    )

select *
from final
