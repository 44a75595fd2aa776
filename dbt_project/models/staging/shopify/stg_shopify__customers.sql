with

    customers as (select * from {{ source("raw", "shopify__customers") }}),

    {{ newest_version("customers", ["customer_id"], ["updated_at"]) }},

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            customer_id,
            email_hmac as customer_email_hmac,
            email_domain as customer_email_domain,
            is_role_email,
            email_flags as customer_email_flags,
            state,
            number_of_orders as reported_orders,
            created_at,
            updated_at
        from newest
        where not is_gone
    )

select *
from final
