{{ config(materialized="table") }}

with

    brands as (select * from {{ ref("int_attribution_brands") }}),

    orders as (select * from {{ ref("fct_orders") }} where counts_as_order),

    deals as (
        select * from {{ ref("int_deals") }} where is_won and closed_date is not null
    ),

    final as (
        select
            orders.brand_id,
            'order' as conversion_type,
            orders.source_id,
            orders.order_id as conversion_id,
            orders.customer_key,
            orders.ordered_at as converted_at,
            orders.order_date as converted_date,
            orders.order_value_reporting as revenue,
            orders.paid_amount_reporting as paid_amount,
            orders.reporting_currency_code as currency_code,
            orders.is_fully_refunded,
            nullif(trim(orders.utm_source), '') as utm_source,
            nullif(trim(orders.utm_medium), '') as utm_medium,
            nullif(trim(orders.utm_campaign), '') as utm_campaign,
            brands.window_days
        from orders
        inner join brands on orders.brand_id = brands.brand_id
        where brands.has_order_touches
        union all
        select
            deals.brand_id,
            'won_deal' as conversion_type,
            deals.source_id,
            deals.deal_id as conversion_id,
            deals.customer_key,
            deals.closed_at as converted_at,
            deals.closed_date as converted_date,
            deals.amount_reporting as revenue,
            cast(null as decimal(38, 6)) as paid_amount,
            deals.reporting_currency_code as currency_code,
            false as is_fully_refunded,
            cast(null as {{ dbt.type_string() }}) as utm_source,
            cast(null as {{ dbt.type_string() }}) as utm_medium,
            cast(null as {{ dbt.type_string() }}) as utm_campaign,
            brands.window_days
        from deals
        inner join brands on deals.brand_id = brands.brand_id
        where brands.has_deal_touches
    )

select *
from final
