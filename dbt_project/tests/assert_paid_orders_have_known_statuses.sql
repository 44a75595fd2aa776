-- Each row is a status of a plugin with paid orders that don't count, since nobody said
-- whether they do. A source whose rules name its counted_statuses has said so of all.
{{
    config(
        severity="warn",
        meta={"dagster": {"ref": {"name": "stg_woocommerce__orders"}}},
    )
}}

with

    orders as (select * from {{ ref("stg_woocommerce__orders") }} where not is_gone),

    rules as (
        select source_id
        from {{ source("control", "order_rules") }}
        where nullif(counted_statuses, '') is not null
    )

select
    orders.brand_id,
    orders.source_id,
    orders.status,
    count(*) as paid_orders,
    min(cast(orders.paid_at as date)) as first_day,
    max(cast(orders.paid_at as date)) as last_day,
    'name every status that counts in rules: counted_statuses of the source' as to_do
from orders
left join rules on orders.source_id = rules.source_id
where
    rules.source_id is null
    and orders.paid_at is not null
    and orders.status not in (
        'pending',
        'processing',
        'on-hold',
        'completed',
        'cancelled',
        'refunded',
        'failed',
        'trash',
        'checkout-draft',
        'auto-draft'
    )
group by orders.brand_id, orders.source_id, orders.status
