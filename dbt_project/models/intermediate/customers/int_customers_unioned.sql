{% set node = customer_node(
    "coalesce(sources.customer_ids, payers.source_id)",
    "payers.subscriber_id",
) %}

with

    orders as (
        select *
        from {{ ref("fct_orders") }}
        where customer_key is not null and counts_as_order
    ),

    leads as (select * from {{ ref("fct_leads") }}),

    deals as (
        select * from {{ ref("int_deals") }} where is_won and customer_key is not null
    ),

    payers as (
        select * from {{ ref("int_subscribers") }} where first_paid_date is not null
    ),

    sources as (select * from {{ source("control", "sources") }}),

    customers as (select * from {{ ref("int_customers") }}),

    brands as (select * from {{ source("control", "brands") }}),

    subscribers as (
        select
            payers.brand_id,
            payers.source_id,
            {{ surviving_customer_key("brands.customer_salt", node) }} as customer_key,
            min(payers.first_paid_date) as paying_date
        from payers
        inner join brands on payers.brand_id = brands.brand_id
        left join
            sources on payers.source_id = sources.source_id
            {{ join_customers("payers", node) }}
        group by
            payers.brand_id,
            payers.source_id,
            {{ surviving_customer_key("brands.customer_salt", node) }}
    ),

    final as (
        select
            brand_id,
            customer_key,
            source_id,
            order_date as order_date,
            order_value_reporting as order_value,
            cast(null as date) as lead_date,
            cast(null as date) as won_date,
            cast(null as date) as paying_date
        from orders
        union all
        select
            brand_id,
            customer_key,
            source_id,
            cast(null as date) as order_date,
            cast(null as decimal(38, 6)) as order_value,
            lead_date,
            cast(null as date) as won_date,
            cast(null as date) as paying_date
        from leads
        union all
        select
            brand_id,
            customer_key,
            source_id,
            cast(null as date) as order_date,
            cast(null as decimal(38, 6)) as order_value,
            cast(null as date) as lead_date,
            closed_date as won_date,
            cast(null as date) as paying_date
        from deals
        union all
        select
            brand_id,
            customer_key,
            source_id,
            cast(null as date) as order_date,
            cast(null as decimal(38, 6)) as order_value,
            cast(null as date) as lead_date,
            cast(null as date) as won_date,
            paying_date
        from subscribers
    )

select *
from final
