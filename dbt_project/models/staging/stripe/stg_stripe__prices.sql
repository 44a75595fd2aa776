with

    prices as (select * from {{ source("raw", "stripe__prices") }}),

    {{ newest_version("prices", ["price_id"], ["created"]) }},

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            price_id,
            product_id,
            nickname,
            product_name,
            upper(price_currency) as currency_code,
            unit_amount_decimal as minor_unit_amount,
            pricing_tiers,
            tiers_mode,
            is_active,
            is_gone
        from newest
    )

select *
from final
