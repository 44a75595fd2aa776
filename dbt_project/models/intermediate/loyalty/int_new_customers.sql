-- A brand's new customers are its first buyers; where no shop is connected, those of
-- its first won deals.
with

    order_days as (select * from {{ ref("int_customer_order_days") }}),

    orders_brands as (
        select distinct brand_id
        from {{ source("control", "source_streams") }}
        where {{ feeds_orders("connector") }}
    ),

    brands as (select * from {{ ref("dim_brand") }}),

    deals as (
        select won_deals.*
        from {{ ref("int_deals") }} as won_deals
        inner join
            brands
            on won_deals.brand_id = brands.brand_id
            and brands.as_of_date >= won_deals.closed_date
        where won_deals.is_won and won_deals.customer_key is not null
    ),

    first_deals as (
        select deals.brand_id, deals.customer_key, min(deals.closed_date) as first_date
        from deals
        left join orders_brands on deals.brand_id = orders_brands.brand_id
        where orders_brands.brand_id is null and deals.closed_date is not null
        group by deals.brand_id, deals.customer_key
    ),

    final as (
        select
            brand_id,
            customer_key,
            first_order_date as first_date,
            -- Days 1 to 90 after the first; a second order on the same day is day 0.
            coalesce(next_day_number - day_number <= 90, false) as has_repurchased_90d,
            true as is_from_orders
        from order_days
        where previous_day_number is null
        union all
        select
            brand_id,
            customer_key,
            first_date,
            false as has_repurchased_90d,
            false as is_from_orders
        from first_deals
    )

select *
from final
