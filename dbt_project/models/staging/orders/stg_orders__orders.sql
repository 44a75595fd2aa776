with

    orders as (select * from {{ source("raw", "orders__orders") }}),

    ranked as (
        select
            *,
            row_number() over (
                partition by _source, order_id
                order by
                    _load_id desc nulls last,
                    updated_at desc nulls first,
                    _slice desc nulls last,
                    _line desc nulls last
            ) as version_rank
        from orders
    ),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            order_id,
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
            goods_amount,
            coalesce(discount_amount, 0) as discount_amount,
            shipping_amount,
            tax_amount,
            total_amount,
            coalesce(refunded_amount, 0) as refunded_amount,
            ordered_at,
            updated_at,
            refunded_at,
            coalesce(is_test, false) as is_test
        from ranked
        where version_rank = 1 and not coalesce(_is_deleted, false)
    )

select *
from final
