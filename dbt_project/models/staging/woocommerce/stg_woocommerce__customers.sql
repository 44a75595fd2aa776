with

    customers as (select * from {{ source("raw", "woocommerce__customers") }}),

    {{ newest_version("customers", ["customer_id"], ["date_modified_gmt"]) }},

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            customer_id,
            email_hmac as customer_email_hmac,
            email_domain as customer_email_domain,
            is_role_email,
            email_flags as customer_email_flags,
            role,
            date_created_gmt as created_at,
            date_modified_gmt as updated_at,
            is_paying_customer
        from newest
        where not is_gone
    )

select *
from final
