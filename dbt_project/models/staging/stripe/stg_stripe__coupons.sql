with

    coupons as (select * from {{ source("raw", "stripe__coupons") }}),

    {{ newest_version("coupons", ["coupon_id"], ["created"]) }},

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            coupon_id,
            percent_off,
            amount_off as minor_amount_off,
            upper(coupon_currency) as currency_code,
            duration,
            product_ids,
            is_gone
        from newest
    )

select *
from final
