{% set amounts = [
    "order_value",
    "goods_amount",
    "discount_amount",
    "shipping_amount",
    "tax_amount",
    "total_amount",
] %}

with

    woocommerce as (
        select * from {{ ref("stg_woocommerce__orders") }} where not is_gone
    ),

    shopify as (select * from {{ ref("stg_shopify__orders") }} where not is_gone),

    units as (select * from {{ ref("currency_units") }}),

    woocommerce_lines as (
        select source_id, order_id, cast(count(*) as bigint) as line_count
        from {{ ref("stg_woocommerce__order_lines") }}
        group by source_id, order_id
    ),

    -- Revenue of WooCommerce is that of the day of payment; an order that counts and
    -- was never marked as paid has the day it was placed.
    shops as (
        select
            woocommerce.brand_id,
            woocommerce.source_id,
            woocommerce.order_id,
            woocommerce.customer_id,
            woocommerce.customer_email_hmac,
            woocommerce.customer_email_domain,
            woocommerce.is_role_email,
            woocommerce.customer_email_flags,
            woocommerce.status,
            woocommerce.payment_method,
            woocommerce.currency_code,
            woocommerce.utm_source,
            woocommerce.utm_medium,
            woocommerce.utm_campaign,
            woocommerce.country,
            woocommerce.goods_amount - woocommerce.discount_amount as order_value,
            woocommerce.goods_amount,
            woocommerce.discount_amount,
            woocommerce.shipping_amount,
            woocommerce.tax_amount,
            woocommerce.total_amount,
            coalesce(woocommerce.paid_at, woocommerce.created_at) as ordered_at,
            woocommerce.updated_at,
            coalesce(woocommerce_lines.line_count, 0) as line_count,
            false as is_test
        from woocommerce
        left join
            woocommerce_lines
            on woocommerce.source_id = woocommerce_lines.source_id
            and woocommerce.order_id = woocommerce_lines.order_id
        union all
        select
            brand_id,
            source_id,
            order_id,
            customer_id,
            customer_email_hmac,
            customer_email_domain,
            is_role_email,
            customer_email_flags,
            status,
            cast(null as {{ dbt.type_string() }}) as payment_method,
            currency_code,
            utm_source,
            utm_medium,
            utm_campaign,
            country,
            order_value,
            order_value + coalesce(discount_amount, 0) as goods_amount,
            coalesce(discount_amount, 0) as discount_amount,
            shipping_amount,
            tax_amount,
            total_amount,
            processed_at as ordered_at,
            updated_at,
            line_count,
            is_test
        from shopify
    ),

    final as (
        select
            shops.brand_id,
            shops.source_id,
            shops.order_id,
            shops.customer_id,
            shops.customer_email_hmac,
            shops.customer_email_domain,
            shops.is_role_email,
            shops.customer_email_flags,
            shops.status,
            shops.payment_method,
            coalesce(units.currency_code, shops.currency_code) as currency_code,
            shops.utm_source,
            shops.utm_medium,
            shops.utm_campaign,
            shops.country,
            {% for amount in amounts %}
                cast(
                    shops.{{ amount }} * coalesce(units.units, 1) as decimal(38, 6)
                ) as {{ amount }},
            {% endfor %}
            shops.ordered_at,
            shops.updated_at,
            shops.line_count,
            shops.is_test
        from shops
        left join
            units
            on shops.currency_code = units.code
            and cast(shops.ordered_at as date) >= units.valid_from
            and (
                units.valid_until is null
                or cast(shops.ordered_at as date) <= units.valid_until
            )
    )

select *
from final
