with

    order_lines as (select * from {{ source("raw", "orders__order_lines") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            _slice as slice,
            _line as line_number,
            order_id,
            line_id,
            sku,
            product_name,
            nullif(trim(customer_id), '') as customer_id,
            customer_email_hmac,
            customer_email_domain,
            is_role_customer_email as is_role_email,
            customer_email_flags,
            status,
            currency_code,
            utm_source,
            utm_medium,
            utm_campaign,
            country,
            quantity,
            unit_price,
            discount_amount,
            ordered_at,
            coalesce(is_test, false) as is_test
        from order_lines
        where not coalesce(_is_deleted, false)
    )

select *
from final
