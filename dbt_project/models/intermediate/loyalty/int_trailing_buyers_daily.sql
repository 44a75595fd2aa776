{{ config(materialized="table") }}

-- The window before day E is [E - 365, E). Instead of counting customers anew for
-- each day, each order day is turned
-- into the disjoint stretches of E in which it is the customer's newest (buyer) or
-- makes it a second order (repeat),
-- and the stretches' starts and ends are added up: the cost grows with orders plus
-- days, never with their product.
with

    order_days as (select * from {{ ref("int_customer_order_days") }}),

    days as (select * from {{ ref("int_days") }}),

    stretches as (
        select
            brand_id,
            orders,
            day_number + 1 as first_end,
            day_number + 366 as orders_gone,
            least(
                day_number + 366, coalesce(next_day_number + 1, day_number + 366)
            ) as buyer_gone,
            least(
                coalesce(next_day_number + 1, day_number + 366),
                case
                    when orders > 1 then day_number + 366 else previous_day_number + 366
                end
            ) as repeat_gone,
            orders > 1 or previous_day_number is not null as has_second_order
        from order_days
    ),

    changes as (
        select
            brand_id, first_end as day_number, orders, 1 as buyers, 0 as repeat_buyers
        from stretches
        union all
        select
            brand_id,
            orders_gone as day_number,
            - orders as orders,
            0 as buyers,
            0 as repeat_buyers
        from stretches
        union all
        select
            brand_id,
            buyer_gone as day_number,
            0 as orders,
            -1 as buyers,
            0 as repeat_buyers
        from stretches
        union all
        select
            brand_id,
            first_end as day_number,
            0 as orders,
            0 as buyers,
            1 as repeat_buyers
        from stretches
        where has_second_order and repeat_gone > first_end
        union all
        select
            brand_id,
            repeat_gone as day_number,
            0 as orders,
            0 as buyers,
            -1 as repeat_buyers
        from stretches
        where has_second_order and repeat_gone > first_end
    ),

    daily_changes as (
        select
            brand_id,
            day_number,
            sum(orders) as orders,
            sum(buyers) as buyers,
            sum(repeat_buyers) as repeat_buyers
        from changes
        group by brand_id, day_number
    ),

    reaches as (
        select
            brand_id,
            min(day_number) as first_day_number,
            max(day_number) as last_day_number
        from daily_changes
        group by brand_id
    ),

    final as (
        select
            reaches.brand_id,
            days.day_number as end_day_number,
            cast(
                sum(coalesce(daily_changes.orders, 0)) over running as bigint
            ) as orders,
            cast(
                sum(coalesce(daily_changes.buyers, 0)) over running as bigint
            ) as buyers,
            cast(
                sum(coalesce(daily_changes.repeat_buyers, 0)) over running as bigint
            ) as repeat_buyers
        from reaches
        inner join
            days
            on days.day_number
            between reaches.first_day_number and reaches.last_day_number
        left join
            daily_changes
            on reaches.brand_id = daily_changes.brand_id
            and days.day_number = daily_changes.day_number
        window
            running as (
                partition by reaches.brand_id
                order by days.day_number asc nulls last
                rows between unbounded preceding and current row
            )
    )

select *
from final
