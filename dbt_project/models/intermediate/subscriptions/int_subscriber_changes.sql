{{ config(materialized="table") }}

-- Each pair of moments is compared once, however many periods and grains lie between
-- the same two snapshots.
with

    periods as (
        select *
        from {{ ref("int_subscription_periods") }}
        where end_snapshot_at is not null and start_snapshot_at is not null
    ),

    balances as (select * from {{ ref("int_subscriber_balances") }}),

    snapshots as (select * from {{ ref("int_subscription_snapshots") }}),

    rates as (select * from {{ ref("int_exchange_rates") }}),

    pairs as (
        select distinct
            periods.source_id,
            periods.start_snapshot_at,
            periods.end_snapshot_at,
            snapshots.snapshot_date as end_date
        from periods
        inner join
            snapshots
            on periods.source_id = snapshots.source_id
            and periods.end_snapshot_at = snapshots.snapshot_at
    ),

    sides as (
        select
            balances.*,
            pairs.start_snapshot_at,
            pairs.end_snapshot_at,
            pairs.end_date,
            true as is_start
        from pairs
        inner join
            balances
            on pairs.source_id = balances.source_id
            and pairs.start_snapshot_at = balances.snapshot_at
        union all
        select
            balances.*,
            pairs.start_snapshot_at,
            pairs.end_snapshot_at,
            pairs.end_date,
            false as is_start
        from pairs
        inner join
            balances
            on pairs.source_id = balances.source_id
            and pairs.end_snapshot_at = balances.snapshot_at
    ),

    converted as (
        select
            sides.*,
            {{
                reporting_amount(
                    "sides.mrr",
                    "sides.currency_code",
                    "sides.reporting_currency_code",
                    "own_rates.rate",
                )
            }} as mrr_own_rate,
            {{
                reporting_amount(
                    "sides.mrr",
                    "sides.currency_code",
                    "sides.reporting_currency_code",
                    "end_rates.rate",
                )
            }} as mrr_end_rate
        from sides
        left join
            rates as own_rates
            on sides.snapshot_date = own_rates.rate_date
            and sides.currency_code = own_rates.from_currency
            and sides.reporting_currency_code = own_rates.to_currency
        left join
            rates as end_rates
            on sides.end_date = end_rates.rate_date
            and sides.currency_code = end_rates.from_currency
            and sides.reporting_currency_code = end_rates.to_currency
    ),

    final as (
        select
            brand_id,
            source_id,
            start_snapshot_at,
            end_snapshot_at,
            subscriber_id,
            reporting_currency_code,
            first_paid_at,
            -- One amount that cannot be converted makes the pair's money unknown.
            {{ complete_sum("case when is_start then mrr_own_rate else 0 end", "1") }}
            as mrr_start,
            {{ complete_sum("case when is_start then mrr_end_rate else 0 end", "1") }}
            as mrr_start_at_end_rate,
            {{ complete_sum("case when is_start then 0 else mrr_end_rate end", "1") }}
            as mrr_end,
            max(case when is_start then 1 else 0 end) = 1 as pays_at_start,
            max(case when is_start then 0 else 1 end) = 1 as pays_at_end
        from converted
        group by
            brand_id,
            source_id,
            start_snapshot_at,
            end_snapshot_at,
            subscriber_id,
            reporting_currency_code,
            first_paid_at
    )

select *
from final
