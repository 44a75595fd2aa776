{% set rule_columns = ["subscriber_id", "item_id", "plan", "platform", "status"] %}

{% set monthly_of_interval -%}
    {{ f64("snapshots.amount") }}
    * {{ f64("snapshots.quantity") }}
    * {{ f64("conversions.months_numerator") }}
    * {{ ratio("1", "conversions.months_denominator * snapshots.interval_count") }}
{%- endset %}

with

    snapshots as (select * from {{ ref("stg_subscriptions__snapshots") }}),

    row_rules as (select * from {{ source("control", "row_rules") }}),

    test_items as (
        select distinct
            snapshots.source_id,
            snapshots.snapshot_at,
            snapshots.subscriber_id,
            snapshots.item_id,
            snapshots.plan
        from snapshots
        inner join row_rules as rules on snapshots.source_id = rules.source_id
        where {{ matches_row_rule(rule_columns, "snapshots.") }}
    ),

    currencies as (select * from {{ ref("int_source_currencies") }}),

    brands as (select * from {{ source("control", "brands") }}),

    conversions as ({{ billing_intervals_in_months() }}),

    final as (
        select
            snapshots.brand_id,
            snapshots.source_id,
            snapshots.snapshot_at,
            {{ local_date("snapshots.snapshot_at", "brands.timezone") }}
            as snapshot_date,
            snapshots.subscriber_id,
            upper(
                coalesce(snapshots.currency_code, currencies.source_currency_code)
            ) as currency_code,
            currencies.reporting_currency_code,
            -- A monthly price stays exact; the others are brought to a month in
            -- double and kept to 6 decimals.
            case
                when
                    snapshots.billing_interval = 'month'
                    and snapshots.interval_count = 1
                then
                    cast(
                        cast(snapshots.amount as decimal(19, 6))
                        * snapshots.quantity as decimal(18, 6)
                    )
                else {{ decimal_of_float(monthly_of_interval, 18, 6) }}
            end as monthly_amount
        from snapshots
        inner join currencies on snapshots.source_id = currencies.source_id
        inner join brands on snapshots.brand_id = brands.brand_id
        left join
            conversions on snapshots.billing_interval = conversions.billing_interval
        left join
            test_items
            on snapshots.source_id = test_items.source_id
            and snapshots.snapshot_at = test_items.snapshot_at
            and snapshots.subscriber_id = test_items.subscriber_id
            and coalesce(snapshots.item_id, '') = coalesce(test_items.item_id, '')
            and coalesce(snapshots.plan, '') = coalesce(test_items.plan, '')
        where
            test_items.source_id is null
            and snapshots.amount > 0
            and snapshots.quantity > 0
            and coalesce(snapshots.status, 'active') not in (
                'trialing',
                'unpaid',
                'paused',
                'incomplete',
                'incomplete_expired',
                'canceled',
                'cancelled',
                'expired',
                'ended'
            )
    )

select *
from final
