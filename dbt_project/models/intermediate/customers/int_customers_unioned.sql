with

    orders as (
        select *
        from {{ ref("fct_orders") }}
        where customer_key is not null and counts_as_order
    ),

    leads as (select * from {{ ref("fct_leads") }}),

    deals as (
        select * from {{ ref("int_deals") }} where is_won and customer_key is not null
    ),

    final as (
        select
            brand_id,
            customer_key,
            source_id,
            order_date as order_date,
            order_value_reporting as order_value,
            cast(null as date) as lead_date,
            cast(null as date) as won_date
        from orders
        union all
        select
            brand_id,
            customer_key,
            source_id,
            cast(null as date) as order_date,
            cast(null as decimal(38, 6)) as order_value,
            lead_date,
            cast(null as date) as won_date
        from leads
        union all
        select
            brand_id,
            customer_key,
            source_id,
            cast(null as date) as order_date,
            cast(null as decimal(38, 6)) as order_value,
            cast(null as date) as lead_date,
            closed_date as won_date
        from deals
    )

select *
from final
