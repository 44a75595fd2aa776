with

    slices as (
        select *
        from {{ source("control", "slices") }}
        where {{ feeds_orders("connector") }} and stream in ('orders', 'order_lines')
    ),

    orders as (select * from {{ ref("fct_orders") }}),

    seen as (
        select brand_id, window_start as first_day, window_end as end_day
        from slices
        union all
        select
            brand_id,
            min(order_date) as first_day,
            {{ add_days("max(order_date)", 1) }} as end_day
        from orders
        group by brand_id
    ),

    final as (
        select brand_id, min(first_day) as first_day, max(end_day) as end_day
        from seen
        where first_day is not null and end_day is not null
        group by brand_id
    )

select *
from final
