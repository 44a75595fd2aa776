with

    refunds as (select * from {{ source("raw", "woocommerce__refunds") }}),

    {{ newest_version("refunds", ["order_id", "refund_id"]) }},

    orders as (select * from {{ ref("stg_woocommerce__orders") }} where not is_gone),

    -- A refund that was deleted has no tombstone: its order no longer names it.
    final as (
        select
            newest._brand as brand_id,
            newest._source as source_id,
            newest.order_id,
            newest.refund_id,
            orders.currency_code,
            newest.amount as refunded_amount,
            case
                when newest.part_count > 0
                then cast(- newest.items_total as decimal(18, 6))
            end as goods_amount,
            cast(- newest.shipping_total as decimal(18, 6)) as shipping_amount,
            newest.date_created_gmt as refunded_at
        from newest
        inner join
            orders
            on newest._source = orders.source_id
            and newest.order_id = orders.order_id
        where instr(';' || orders.refund_ids || ';', ';' || newest.refund_id || ';') > 0
    )

select *
from final
