-- Each customer on the day of the first order that counts; where the brand's customers
-- are known from a CRM only, on the day of the first won deal.
with

    orders as (select * from {{ source("kpi", "fct_orders") }}),

    customers as (select * from {{ source("kpi", "dim_customer") }}),

    brands_of_deals as (
        select distinct brand_id
        from {{ source("kpi", "dim_kpi_inputs") }}
        where measure = 'new_customers' and is_fallback
    )

select brand_id, min(order_date) as metric_date, 1 as new_customers
from orders
where counts_as_order and not is_fully_refunded and customer_key is not null
group by brand_id, customer_key
union all
select brand_id, first_won_date as metric_date, 1 as new_customers
from customers
where first_won_date is not null and brand_id in (select brand_id from brands_of_deals)
