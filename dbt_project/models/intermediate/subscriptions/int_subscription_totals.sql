with

    balances as (select * from {{ ref("int_subscriber_balances") }}),

    snapshots as (select * from {{ ref("int_subscription_snapshots") }}),

    item_totals as (select * from {{ ref("int_subscription_item_totals") }}),

    currencies as (select * from {{ ref("int_source_currencies") }}),

    rates as (select * from {{ ref("int_exchange_rates") }}),

    converted as (
        select
            balances.*,
            {{
                reporting_amount(
                    "balances.mrr",
                    "balances.currency_code",
                    "balances.reporting_currency_code",
                    "rates.rate",
                )
            }} as mrr_reporting
        from balances
        left join
            rates
            on balances.snapshot_date = rates.rate_date
            and balances.currency_code = rates.from_currency
            and balances.reporting_currency_code = rates.to_currency
    ),

    totals as (
        select
            source_id,
            snapshot_at,
            {{ complete_sum("mrr_reporting", "mrr") }} as mrr,
            cast(sum(paying_rows) as bigint) as payers,
            cast(count(distinct subscriber_id) as bigint) as subscribers
        from converted
        group by source_id, snapshot_at
        union all
        select source_id, snapshot_at, mrr, payers, subscribers
        from item_totals
    ),

    final as (
        select
            snapshots.brand_id,
            snapshots.source_id,
            snapshots.snapshot_at,
            snapshots.snapshot_date,
            currencies.reporting_currency_code,
            case
                when totals.source_id is null
                then cast(0 as decimal(38, 6))
                else totals.mrr
            end as mrr,
            coalesce(totals.payers, 0) as payers,
            coalesce(totals.subscribers, 0) as subscribers
        from snapshots
        inner join currencies on snapshots.source_id = currencies.source_id
        left join
            totals
            on snapshots.source_id = totals.source_id
            and snapshots.snapshot_at = totals.snapshot_at
    )

select *
from final
