with

    orders as (select * from {{ source("raw", "shopify__orders") }}),

    {{ newest_version("orders", ["order_id"], ["updated_at"]) }},

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            order_id,
            name as order_number,
            case
                when cancelled_at is not null
                then 'cancelled'
                else lower(trim(display_financial_status))
            end as status,
            upper(trim(currency_code)) as currency_code,
            customer_id,
            email_hmac as customer_email_hmac,
            email_domain as customer_email_domain,
            is_role_email,
            email_flags as customer_email_flags,
            nullif(trim(billing_country), '') as country,
            source_name,
            utm_source,
            utm_medium,
            utm_campaign,
            -- The subtotal is after all discounts and holds the tax where prices do.
            cast(
                subtotal_price - case
                    when taxes_included then coalesce(items_tax, 0) else 0
                end as decimal(18, 6)
            ) as order_value,
            total_discounts as discount_amount,
            total_shipping_price as shipping_amount,
            total_tax as tax_amount,
            total_price as total_amount,
            total_refunded as refunded_amount,
            coalesce(taxes_included, false) as has_taxes_included,
            created_at,
            processed_at,
            updated_at,
            cancelled_at,
            line_count,
            coalesce(test, false) as is_test,
            is_gone
        from newest
    )

select *
from final
