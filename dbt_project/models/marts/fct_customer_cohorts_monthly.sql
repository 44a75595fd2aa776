with

    orders as (
        select *
        from {{ ref("fct_orders") }}
        where customer_key is not null and not is_test
    ),

    brands as (select * from {{ ref("dim_brand") }}),

    day_periods as (select * from {{ ref("int_day_periods") }} where grain = 'month'),

    periods as (select * from {{ ref("dim_period") }} where grain = 'month'),

    activity as (
        select brand_id, customer_key, order_date, 'orders' as basis
        from orders
        where counts_as_order
        union all
        select brand_id, customer_key, order_date, 'all_lines' as basis
        from orders
    ),

    active_months as (
        select distinct
            activity.brand_id,
            activity.basis,
            activity.customer_key,
            periods.period_start as month,
            periods.period_index
        from activity
        inner join brands on activity.brand_id = brands.brand_id
        inner join
            day_periods
            on brands.calendar_key = day_periods.calendar_key
            and activity.order_date = day_periods.calendar_date
        inner join
            periods
            on day_periods.calendar_key = periods.calendar_key
            and day_periods.period_start = periods.period_start
    ),

    with_cohort as (
        select
            *,
            min(month) over (
                partition by brand_id, basis, customer_key
            ) as cohort_month,
            min(period_index) over (
                partition by brand_id, basis, customer_key
            ) as cohort_index
        from active_months
    ),

    final as (
        select
            brand_id,
            basis,
            cohort_month,
            month,
            period_index - cohort_index as months_since_first,
            cast(count(*) as bigint) as active_customers
        from with_cohort
        group by brand_id, basis, cohort_month, month, period_index - cohort_index
    )

select *
from final
