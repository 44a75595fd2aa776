with

    order_lines as (select * from {{ source("raw", "shopify__order_lines") }}),

    {{ newest_version("order_lines", ["order_id", "line_id"]) }},

    orders as (select * from {{ ref("stg_shopify__orders") }} where not is_gone),

    final as (
        select
            newest._brand as brand_id,
            newest._source as source_id,
            newest.order_id,
            newest.line_id,
            newest.title as product_name,
            nullif(trim(newest.sku), '') as sku,
            orders.currency_code,
            newest.quantity,
            newest.current_quantity,
            newest.original_total as goods_amount,
            newest.discounted_total as line_amount,
            newest.tax as tax_amount,
            newest.processed_at as ordered_at
        from newest
        inner join
            orders
            on newest._source = orders.source_id
            and newest.order_id = orders.order_id
    )

select *
from final
