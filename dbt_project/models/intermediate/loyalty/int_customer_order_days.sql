{{ config(materialized="table") }}

with

    brands as (select * from {{ ref("dim_brand") }}),

    -- Orders after the run's clock have not happened yet.
    orders as (
        select all_orders.*
        from {{ ref("fct_orders") }} as all_orders
        inner join
            brands
            on all_orders.brand_id = brands.brand_id
            and brands.as_of_date >= all_orders.order_date
        where
            all_orders.counts_as_order
            and not all_orders.is_fully_refunded
            and all_orders.customer_key is not null
    ),

    daily as (
        select
            brand_id,
            customer_key,
            order_date,
            {{ days_between("date '1970-01-01'", "order_date") }} as day_number,
            cast(count(*) as bigint) as orders
        from orders
        group by brand_id, customer_key, order_date
    ),

    final as (
        select
            *,
            lag(day_number) over customer as previous_day_number,
            lead(day_number) over customer as next_day_number,
            min(order_date) over (
                partition by brand_id, customer_key
            ) as first_order_date
        from daily
        window
            customer as (
                partition by brand_id, customer_key order by day_number asc nulls last
            )
    )

select *
from final
