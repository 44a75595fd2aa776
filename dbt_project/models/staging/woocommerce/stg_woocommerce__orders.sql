with

    orders as (select * from {{ source("raw", "woocommerce__orders") }}),

    {{ newest_version("orders", ["order_id"], ["date_modified_gmt"]) }},

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            order_id,
            number as order_number,
            lower(trim(status)) as status,
            upper(trim(currency)) as currency_code,
            customer_id,
            billing_email_hmac as customer_email_hmac,
            billing_email_domain as customer_email_domain,
            is_role_billing_email as is_role_email,
            billing_email_flags as customer_email_flags,
            nullif(trim(billing_country), '') as country,
            payment_method,
            created_via,
            utm_source,
            utm_medium,
            utm_campaign,
            items_subtotal as goods_amount,
            cast(items_subtotal - items_total as decimal(18, 6)) as discount_amount,
            shipping_total as shipping_amount,
            total_tax as tax_amount,
            total as total_amount,
            date_created_gmt as created_at,
            date_paid_gmt as paid_at,
            date_modified_gmt as updated_at,
            line_item_ids,
            refund_ids,
            coalesce(is_guest, false) as is_guest,
            is_gone
        from newest
    )

select *
from final
