{{ config(materialized="table") }}

{% set columns = [
    "brand_id",
    "source_id",
    "order_id",
    "customer_id",
    "customer_email_hmac",
    "customer_email_domain",
    "is_role_email",
    "customer_email_flags",
    "status",
    "currency_code",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "country",
    "goods_amount",
    "discount_amount",
    "shipping_amount",
    "tax_amount",
    "total_amount",
    "ordered_at",
    "updated_at",
    "is_test",
] %}

with

    files as (select * from {{ ref("stg_orders__orders") }}),

    shops as (select * from {{ ref("int_orders_from_shops") }}),

    refunds as (
        select
            source_id,
            order_id,
            {{ exact_sum("returned_amount") }} as refunded_amount,
            max(refunded_at) as refunded_at
        from {{ ref("int_order_refunds_from_shops") }}
        group by source_id, order_id
    ),

    final as (
        select
            {% for column in columns %} {{ column }}, {% endfor %}
            refunded_amount,
            refunded_at,
            cast(null as {{ dbt.type_string() }}) as payment_method,
            cast(null as bigint) as line_count,
            false as has_refund_list
        from files
        union all
        select
            {% for column in columns %} shops.{{ column }}, {% endfor %}
            coalesce(refunds.refunded_amount, 0) as refunded_amount,
            refunds.refunded_at,
            shops.payment_method,
            shops.line_count,
            true as has_refund_list
        from shops
        left join
            refunds
            on shops.source_id = refunds.source_id
            and shops.order_id = refunds.order_id
    )

select *
from final
