with

    order_lines as (select * from {{ source("raw", "woocommerce__order_lines") }}),

    {{ newest_version("order_lines", ["order_id", "line_id"]) }},

    orders as (select * from {{ ref("stg_woocommerce__orders") }} where not is_gone),

    -- A line that was taken out of its order has no tombstone: the order no longer
    -- names it.
    final as (
        select
            newest._brand as brand_id,
            newest._source as source_id,
            newest.order_id,
            newest.line_id,
            newest.product_id,
            nullif(newest.variation_id, '0') as variation_id,
            newest.name as product_name,
            nullif(trim(newest.sku), '') as sku,
            orders.currency_code,
            newest.quantity,
            newest.subtotal as goods_amount,
            newest.total as line_amount,
            newest.total_tax as tax_amount,
            newest.date_created_gmt as ordered_at
        from newest
        inner join
            orders
            on newest._source = orders.source_id
            and newest.order_id = orders.order_id
        where
            instr(';' || orders.line_item_ids || ';', ';' || newest.line_id || ';') > 0
    )

select *
from final
