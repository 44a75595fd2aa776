with

    orders as (select * from {{ ref("int_orders_from_shops") }}),

    units as (select * from {{ ref("currency_units") }}),

    refunds as (
        {% for vendor in ["woocommerce", "shopify"] %}
            select
                source_id,
                order_id,
                refund_id,
                currency_code,
                refunded_amount,
                goods_amount,
                shipping_amount,
                refunded_at
            from {{ ref("stg_" ~ vendor ~ "__refunds") }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    -- A shop gives back in the numbers of the order, whatever unit it writes by then.
    converted as (
        select
            orders.brand_id,
            orders.source_id,
            orders.order_id,
            refunds.refund_id,
            orders.currency_code,
            orders.order_value,
            refunds.refunded_at,
            -- Shipping that is named is no goods.
            cast(
                (refunds.refunded_amount - coalesce(refunds.shipping_amount, 0))
                * coalesce(units.units, 1) as decimal(38, 6)
            ) as amount_but_shipping,
            cast(
                refunds.goods_amount * coalesce(units.units, 1) as decimal(38, 6)
            ) as goods_amount
        from refunds
        inner join
            orders
            on refunds.source_id = orders.source_id
            and refunds.order_id = orders.order_id
        left join
            units
            on refunds.currency_code = units.code
            and cast(orders.ordered_at as date) >= units.valid_from
            and (
                units.valid_until is null
                or cast(orders.ordered_at as date) <= units.valid_until
            )
    ),

    -- What earlier refunds gave back of the goods; a mere amount, of which nobody says
    -- what it is for, is taken as goods.
    ordered as (
        select
            *,
            coalesce(
                sum(coalesce(goods_amount, amount_but_shipping)) over (
                    partition by source_id, order_id
                    order by refunded_at asc nulls last, refund_id asc nulls last
                    rows between unbounded preceding and 1 preceding
                ),
                0
            ) as given_back_before
        from converted
    ),

    -- It may hold tax, and shipping that isn't named: never more than the goods that
    -- are left.
    final as (
        select
            brand_id,
            source_id,
            order_id,
            refund_id,
            currency_code,
            refunded_at,
            cast(
                case
                    when goods_amount is not null
                    then goods_amount
                    else
                        greatest(
                            least(amount_but_shipping, order_value - given_back_before),
                            0
                        )
                end as decimal(38, 6)
            ) as returned_amount
        from ordered
    )

select *
from final
