with

    customers as (select * from {{ source("raw", "stripe__customers") }}),

    {{ newest_version("customers", ["customer_id"], ["created"]) }},

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            customer_id,
            email_hmac,
            is_role_email,
            email_flags,
            country as country_code,
            upper(currency) as currency_code,
            created as created_at,
            is_delinquent,
            discount_id,
            discount_start as discount_starts_at,
            discount_end as discount_ends_at,
            coupon_id,
            percent_off,
            amount_off as minor_amount_off,
            upper(coupon_currency) as coupon_currency_code,
            duration,
            is_live,
            is_gone
        from newest
    )

select *
from final
