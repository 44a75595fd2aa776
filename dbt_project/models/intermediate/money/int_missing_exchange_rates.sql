with

    costs as (select * from {{ ref("int_marketing_costs_daily") }}),

    orders as (select * from {{ ref("fct_orders") }}),

    returns as (select * from {{ ref("int_order_returns") }}),

    deals as (select * from {{ ref("int_deals") }}),

    balances as (select * from {{ ref("int_subscriber_balances") }}),

    levels as (select * from {{ ref("int_subscription_levels") }}),

    snapshots as (
        select * from {{ ref("int_subscription_snapshots") }} where is_item_state
    ),

    rates as (select * from {{ ref("int_exchange_rates") }}),

    recurring as (
        select
            brand_id,
            source_id,
            snapshot_date as money_date,
            currency_code,
            reporting_currency_code,
            mrr as amount
        from balances
        where mrr <> 0
        union all
        select
            levels.brand_id,
            levels.source_id,
            snapshots.snapshot_date as money_date,
            levels.currency_code,
            levels.reporting_currency_code,
            levels.mrr as amount
        from levels
        inner join
            snapshots
            on levels.source_id = snapshots.source_id
            and levels.valid_from <= snapshots.snapshot_date
            and levels.valid_to > snapshots.snapshot_date
        where levels.mrr <> 0
    ),

    unconverted as (
        select
            brand_id,
            source_id,
            cost_date as money_date,
            currency_code,
            reporting_currency_code,
            amount
        from costs
        where amount is not null and reporting_amount is null
        union all
        select
            brand_id,
            source_id,
            order_date as money_date,
            currency_code,
            reporting_currency_code,
            order_value as amount
        from orders
        where
            counts_as_order
            and order_value is not null
            and order_value_reporting is null
        union all
        select
            brand_id,
            source_id,
            return_date as money_date,
            currency_code,
            reporting_currency_code,
            returned_amount as amount
        from returns
        where returned_amount is not null and returned_amount_reporting is null
        union all
        select
            brand_id,
            source_id,
            closed_date as money_date,
            currency_code,
            reporting_currency_code,
            amount
        from deals
        where is_won and amount is not null and amount_reporting is null
        union all
        select
            recurring.brand_id,
            recurring.source_id,
            recurring.money_date,
            recurring.currency_code,
            recurring.reporting_currency_code,
            recurring.amount
        from recurring
        left join
            rates
            on recurring.money_date = rates.rate_date
            and recurring.currency_code = rates.from_currency
            and recurring.reporting_currency_code = rates.to_currency
        where
            recurring.currency_code <> recurring.reporting_currency_code
            and rates.rate_date is null
    ),

    final as (
        select
            brand_id,
            source_id,
            money_date as rate_date,
            currency_code as from_currency,
            reporting_currency_code as to_currency,
            count(*) as row_count,
            {{ exact_sum("amount") }} as amount
        from unconverted
        group by brand_id, source_id, money_date, currency_code, reporting_currency_code
    )

select *
from final
