{{ config(materialized="table") }}

with

    orders as (
        select *
        from {{ ref("fct_orders") }}
        where counts_as_activity and customer_key is not null
    ),

    activity_days as (select distinct brand_id, customer_key, order_date from orders),

    first_orders as (
        select distinct brand_id, customer_key, first_order_date
        from {{ ref("int_customer_order_days") }}
    ),

    brands as (select * from {{ ref("dim_brand") }}),

    day_periods as (select * from {{ ref("int_day_periods") }}),

    final as (
        select distinct
            activity_days.brand_id,
            activity_days.customer_key,
            day_periods.grain,
            day_periods.period_start,
            first_orders.first_order_date
        from activity_days
        inner join brands on activity_days.brand_id = brands.brand_id
        inner join
            day_periods
            on brands.calendar_key = day_periods.calendar_key
            and activity_days.order_date = day_periods.calendar_date
            and brands.as_of_date >= activity_days.order_date
        left join
            first_orders
            on activity_days.brand_id = first_orders.brand_id
            and activity_days.customer_key = first_orders.customer_key
    )

select *
from final
