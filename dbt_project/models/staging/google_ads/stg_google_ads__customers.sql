with

    customers as (select * from {{ source("raw", "google_ads__customers") }}),

    {{ newest_version("customers", ["account_id"]) }},

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            account_id,
            name as account_name,
            upper(trim(currency_code)) as currency_code,
            time_zone,
            status,
            is_test_account,
            is_auto_tagging,
            is_gone
        from newest
    )

select *
from final
