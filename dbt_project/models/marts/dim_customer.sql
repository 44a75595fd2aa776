with

    events as (select * from {{ ref("int_customers_unioned") }}),

    brands as (select * from {{ ref("dim_brand") }}),

    final as (
        select
            events.brand_id,
            events.customer_key,
            min(events.order_date) as first_order_date,
            max(events.order_date) as last_order_date,
            cast(count(events.order_date) as bigint) as orders,
            case
                when count(events.order_date) = count(events.order_value)
                then {{ exact_sum("coalesce(events.order_value, 0)") }}
            end as order_value,
            min(brands.currency_code) as currency_code,
            min(events.lead_date) as lead_date,
            min(events.won_date) as first_won_date,
            min(events.paying_date) as first_paying_date
        from events
        inner join brands on events.brand_id = brands.brand_id
        group by events.brand_id, events.customer_key
    )

select *
from final
