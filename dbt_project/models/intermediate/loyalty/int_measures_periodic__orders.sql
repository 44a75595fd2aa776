{#- measure: (amount, sample, immature). A null amount gives no row: nothing was loaded that could tell. -#}
{% set measures = {
    "buyers": ("buyers", "buyers", "false"),
    "previous_buyers": (
        "previous_buyers",
        "previous_buyers",
        "lacks_previous",
    ),
    "retained_buyers": (
        "case when previous_buyers is not null then retained_buyers end",
        "previous_buyers",
        "lacks_previous",
    ),
    "returning_buyers": ("returning_buyers", "buyers", "lacks_history"),
    "trailing_orders": (
        "trailing_orders",
        "trailing_buyers",
        "lacks_trailing",
    ),
    "trailing_buyers": (
        "trailing_buyers",
        "trailing_buyers",
        "lacks_trailing",
    ),
    "trailing_repeat_buyers": (
        "trailing_repeat_buyers",
        "trailing_buyers",
        "lacks_trailing",
    ),
    "new_customers": ("new_customers", "new_customers", "lacks_history"),
    "new_cohort": (
        "new_customers",
        "new_customers",
        "lacks_cohort or lacks_history",
    ),
    "new_cohort_repurchased_90d": (
        "repurchased",
        "new_customers",
        "lacks_cohort or lacks_history",
    ),
} %}

with

    periods as (select * from {{ ref("int_orders_periods") }}),

    period_buyers as (select * from {{ ref("int_period_buyers") }}),

    trailing_buyers as (select * from {{ ref("int_trailing_buyers_daily") }}),

    new_customers as (select * from {{ ref("int_new_customers") }}),

    new_customer_credits as (select * from {{ ref("int_new_customer_credits") }}),

    brands as (select * from {{ ref("dim_brand") }}),

    day_periods as (select * from {{ ref("int_day_periods") }}),

    deal_spans as (
        select *
        from {{ ref("int_loaded_spans") }}
        where connector || '/' || stream in ('crm/deals', 'hubspot/deals')
    ),

    calendar_periods as (select * from {{ ref("dim_period") }}),

    orders_brands as (
        select distinct brand_id
        from {{ source("control", "source_streams") }}
        where {{ feeds_orders("connector") }}
    ),

    buyers as (
        select
            brand_id,
            grain,
            period_start,
            cast(count(*) as bigint) as buyers,
            cast(
                sum(
                    case when first_order_date < period_start then 1 else 0 end
                ) as bigint
            ) as returning_buyers
        from period_buyers
        group by brand_id, grain, period_start
    ),

    retained as (
        select
            periods.brand_id,
            periods.grain,
            periods.period_start,
            cast(count(*) as bigint) as retained_buyers
        from periods
        inner join
            period_buyers as now_buyers
            on periods.brand_id = now_buyers.brand_id
            and periods.grain = now_buyers.grain
            and periods.period_start = now_buyers.period_start
        inner join
            period_buyers as before_buyers
            on periods.brand_id = before_buyers.brand_id
            and periods.grain = before_buyers.grain
            and periods.previous_start = before_buyers.period_start
            and now_buyers.customer_key = before_buyers.customer_key
        group by periods.brand_id, periods.grain, periods.period_start
    ),

    cohorts as (
        select
            new_customers.brand_id,
            day_periods.grain,
            day_periods.period_start,
            day_periods.period_end,
            new_customers.is_from_orders,
            cast(count(*) as bigint) as new_customers,
            cast(
                sum(
                    case when new_customers.has_repurchased_90d then 1 else 0 end
                ) as bigint
            ) as repurchased
        from new_customers
        inner join brands on new_customers.brand_id = brands.brand_id
        inner join
            day_periods
            on brands.calendar_key = day_periods.calendar_key
            and new_customers.first_date = day_periods.calendar_date
        group by
            new_customers.brand_id,
            day_periods.grain,
            day_periods.period_start,
            day_periods.period_end,
            new_customers.is_from_orders
    ),

    measured as (
        select
            periods.brand_id,
            periods.grain,
            periods.period_start,
            coalesce(buyers.buyers, 0) as buyers,
            case
                when periods.period_start > periods.first_day
                then coalesce(before_buyers.buyers, 0)
            end as previous_buyers,
            coalesce(retained.retained_buyers, 0) as retained_buyers,
            coalesce(buyers.returning_buyers, 0) as returning_buyers,
            coalesce(trailing_buyers.orders, 0) as trailing_orders,
            coalesce(trailing_buyers.buyers, 0) as trailing_buyers,
            coalesce(trailing_buyers.repeat_buyers, 0) as trailing_repeat_buyers,
            coalesce(cohorts.new_customers, 0) as new_customers,
            coalesce(cohorts.repurchased, 0) as repurchased,
            periods.previous_start < periods.first_day as lacks_previous,
            periods.period_start <= periods.first_day as lacks_history,
            periods.days_of_history < 365
            or periods.period_end > periods.as_of_date as lacks_trailing,
            {{ days_between("periods.period_end", "periods.end_day") }}
            < 90 as lacks_cohort
        from periods
        left join
            buyers
            on periods.brand_id = buyers.brand_id
            and periods.grain = buyers.grain
            and periods.period_start = buyers.period_start
        left join
            buyers as before_buyers
            on periods.brand_id = before_buyers.brand_id
            and periods.grain = before_buyers.grain
            and periods.previous_start = before_buyers.period_start
        left join
            retained
            on periods.brand_id = retained.brand_id
            and periods.grain = retained.grain
            and periods.period_start = retained.period_start
        left join
            trailing_buyers
            on periods.brand_id = trailing_buyers.brand_id
            and periods.end_day_number = trailing_buyers.end_day_number
        left join
            cohorts
            on periods.brand_id = cohorts.brand_id
            and periods.grain = cohorts.grain
            and periods.period_start = cohorts.period_start
    ),

    -- Without a shop, first won deals are the first purchases. A period whose deals are
    -- loaded and none of them a first one had no new customer.
    deal_customers as (
        select
            cohorts.brand_id, cohorts.grain, cohorts.period_start, cohorts.new_customers
        from cohorts
        inner join brands on cohorts.brand_id = brands.brand_id
        where not cohorts.is_from_orders and cohorts.period_start <= brands.as_of_date
        union all
        select distinct
            brands.brand_id,
            deal_periods.grain,
            deal_periods.period_start,
            cast(0 as bigint) as new_customers
        from deal_spans
        inner join brands on deal_spans.brand_id = brands.brand_id
        inner join
            calendar_periods as deal_periods
            on brands.calendar_key = deal_periods.calendar_key
            and deal_spans.span_start < deal_periods.period_end
            and deal_spans.span_end > deal_periods.period_start
            and brands.as_of_date >= deal_periods.period_start
        left join orders_brands on brands.brand_id = orders_brands.brand_id
        left join
            cohorts
            on brands.brand_id = cohorts.brand_id
            and deal_periods.grain = cohorts.grain
            and deal_periods.period_start = cohorts.period_start
        where orders_brands.brand_id is null and cohorts.brand_id is null
    ),

    credited_cohorts as (
        {% for segment_type, segment in {
            "channel": "channel_id",
            "campaign": "campaign",
        }.items() %}
            select
                credits.brand_id,
                day_periods.grain,
                day_periods.period_start,
                credits.is_from_orders,
                '{{ segment_type }}' as segment_type,
                credits.{{ segment }} as segment,
                {{ exact_sum("credits.new_customers") }} as new_customers
            from new_customer_credits as credits
            inner join brands on credits.brand_id = brands.brand_id
            inner join
                day_periods
                on brands.calendar_key = day_periods.calendar_key
                and credits.first_date = day_periods.calendar_date
            where credits.new_customers <> 0
            group by
                credits.brand_id,
                day_periods.grain,
                day_periods.period_start,
                credits.is_from_orders,
                credits.{{ segment }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    final as (
        {% for measure, (amount, sample, immature) in measures.items() %}
            select
                brand_id,
                cast(null as {{ dbt.type_string() }}) as source_id,
                grain,
                period_start,
                cast('{{ measure }}' as {{ dbt.type_string() }}) as measure,
                cast('overall' as {{ dbt.type_string() }}) as segment_type,
                cast('all' as {{ dbt.type_string() }}) as segment,
                cast({{ amount }} as decimal(38, 6)) as amount,
                cast(null as {{ dbt.type_string() }}) as currency_code,
                {{ sample }} as sample_size,
                {{ immature }} as is_immature,
                false as is_stale
            from measured
            where {{ amount }} is not null
            union all
        {% endfor %}
        select
            brand_id,
            cast(null as {{ dbt.type_string() }}) as source_id,
            grain,
            period_start,
            cast('new_customers' as {{ dbt.type_string() }}) as measure,
            cast('overall' as {{ dbt.type_string() }}) as segment_type,
            cast('all' as {{ dbt.type_string() }}) as segment,
            cast(new_customers as decimal(38, 6)) as amount,
            cast(null as {{ dbt.type_string() }}) as currency_code,
            new_customers as sample_size,
            false as is_immature,
            false as is_stale
        from deal_customers
        union all
        select
            credited_cohorts.brand_id,
            cast(null as {{ dbt.type_string() }}) as source_id,
            credited_cohorts.grain,
            credited_cohorts.period_start,
            cast('new_customers' as {{ dbt.type_string() }}) as measure,
            credited_cohorts.segment_type,
            credited_cohorts.segment,
            credited_cohorts.new_customers as amount,
            cast(null as {{ dbt.type_string() }}) as currency_code,
            cast(floor(credited_cohorts.new_customers) as bigint) as sample_size,
            coalesce(measured.lacks_history, false) as is_immature,
            false as is_stale
        from credited_cohorts
        inner join brands on credited_cohorts.brand_id = brands.brand_id
        left join
            measured
            on credited_cohorts.brand_id = measured.brand_id
            and credited_cohorts.grain = measured.grain
            and credited_cohorts.period_start = measured.period_start
        where
            credited_cohorts.period_start <= brands.as_of_date
            and (measured.brand_id is not null or not credited_cohorts.is_from_orders)
    )

select *
from final
