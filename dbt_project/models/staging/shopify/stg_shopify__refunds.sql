with

    refunds as (select * from {{ source("raw", "shopify__refunds") }}),

    {{ newest_version("refunds", ["order_id", "refund_id"]) }},

    orders as (select * from {{ ref("stg_shopify__orders") }} where not is_gone),

    final as (
        select
            newest._brand as brand_id,
            newest._source as source_id,
            newest.order_id,
            newest.refund_id,
            orders.currency_code,
            newest.total_refunded as refunded_amount,
            case
                when newest.line_count > 0
                then
                    cast(
                        newest.items_subtotal - case
                            when orders.has_taxes_included then newest.items_tax else 0
                        end as decimal(18, 6)
                    )
            end as goods_amount,
            -- With its tax, which prices hold or don't; landed before it was asked for:
            -- not told, as none.
            cast(
                coalesce(newest.shipping_subtotal, 0) + case
                    when orders.has_taxes_included
                    then 0
                    else coalesce(newest.shipping_tax, 0)
                end as decimal(18, 6)
            ) as shipping_amount,
            newest.created_at as refunded_at
        from newest
        inner join
            orders
            on newest._source = orders.source_id
            and newest.order_id = orders.order_id
    )

select *
from final
