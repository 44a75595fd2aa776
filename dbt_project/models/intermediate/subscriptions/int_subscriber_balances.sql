{{ config(materialized="table") }}

with

    items as (select * from {{ ref("int_subscription_items") }}),

    snapshots as (select * from {{ ref("int_subscription_snapshots") }}),

    first_payments as (
        select source_id, subscriber_id, min(snapshot_at) as first_paid_at
        from items
        group by source_id, subscriber_id
    ),

    final as (
        select
            items.brand_id,
            items.source_id,
            items.snapshot_at,
            items.snapshot_date,
            items.subscriber_id,
            items.currency_code,
            items.reporting_currency_code,
            first_payments.first_paid_at,
            {{ exact_sum("items.monthly_amount") }} as mrr,
            cast(count(*) as bigint) as paying_rows
        from items
        inner join
            snapshots
            on items.source_id = snapshots.source_id
            and items.snapshot_at = snapshots.snapshot_at
        inner join
            first_payments
            on items.source_id = first_payments.source_id
            and items.subscriber_id = first_payments.subscriber_id
        group by
            items.brand_id,
            items.source_id,
            items.snapshot_at,
            items.snapshot_date,
            items.subscriber_id,
            items.currency_code,
            items.reporting_currency_code,
            first_payments.first_paid_at
    )

select *
from final
