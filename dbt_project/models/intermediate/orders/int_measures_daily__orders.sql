{% set segment_columns = {
    "overall": "'all'",
    "campaign": "coalesce(campaign, '(none)')",
    "country": "country",
} %}
{# Where the brand has touches, channels and campaigns come from them. #}
{% set attributed_columns = {"channel": "channel_id", "campaign": "campaign"} %}

with

    orders as (select * from {{ ref("fct_orders") }}),

    returns as (select * from {{ ref("int_order_returns") }}),

    campaign_names as (select * from {{ ref("int_campaign_names") }}),

    -- One row per counted order and per return. A return lowers revenue on its own
    -- day and leaves the order's own
    -- value, and the number of orders, as they were.
    movements as (
        select
            brand_id,
            source_id,
            order_date as measure_date,
            campaign,
            coalesce(country, '(none)') as country,
            reporting_currency_code,
            true as is_order,
            order_value_reporting as order_value,
            paid_amount_reporting as paid_value
        from orders
        where counts_as_order
        union all
        select
            returns.brand_id,
            returns.source_id,
            returns.return_date as measure_date,
            {{ campaign_shown("returns.utm_campaign") }} as campaign,
            coalesce(returns.country, '(none)') as country,
            returns.reporting_currency_code,
            false as is_order,
            - returns.returned_amount_reporting as order_value,
            cast(null as decimal(38, 6)) as paid_value
        from returns {{ join_campaign_names("returns", "returns.utm_campaign") }}
        where returns.is_subtracted
    ),

    attributed as (
        select *
        from {{ ref("int_attributed_entries") }}
        where is_configured_rule and conversion_type = 'order'
    ),

    attributed_brands as (
        select brand_id from {{ ref("int_attribution_brands") }} where has_order_touches
    ),

    segmented as (
        {% for segment_type, segment in segment_columns.items() %}
            select
                brand_id,
                source_id,
                measure_date,
                '{{ segment_type }}' as segment_type,
                {{ segment }} as segment,
                reporting_currency_code,
                is_order,
                cast(case when is_order then 1 else 0 end as decimal(38, 6)) as orders,
                order_value,
                paid_value
            from movements
            {% if segment_type == "campaign" %}
                where brand_id not in (select brand_id from attributed_brands)
            {% endif %}
            union all
        {% endfor %}
        {% for segment_type, segment in attributed_columns.items() %}
            select
                brand_id,
                source_id,
                entry_date as measure_date,
                '{{ segment_type }}' as segment_type,
                {{ segment }} as segment,
                currency_code as reporting_currency_code,
                entry_type = 'order' as is_order,
                conversions as orders,
                revenue as order_value,
                paid_amount as paid_value
            from attributed
            where share <> 0
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    daily as (
        select
            brand_id,
            source_id,
            measure_date,
            segment_type,
            segment,
            reporting_currency_code,
            {{ exact_sum("orders") }} as orders,
            {{ complete_sum("order_value", "1") }} as order_value,
            max(case when is_order then 1 else 0 end) = 1 as has_orders,
            case
                when
                    sum(case when is_order and order_value is null then 1 else 0 end)
                    = 0
                then {{ exact_sum("case when is_order then order_value end") }}
            end as aov_order_value,
            case
                when
                    sum(case when is_order and paid_value is null then 1 else 0 end) = 0
                then {{ exact_sum("paid_value") }}
            end as paid_value
        from segmented
        group by
            brand_id,
            source_id,
            measure_date,
            segment_type,
            segment,
            reporting_currency_code
    ),

    final as (
        select
            brand_id,
            source_id,
            measure_date,
            'orders' as measure,
            segment_type,
            segment,
            orders as amount,
            cast(null as {{ dbt.type_string() }}) as currency_code
        from daily
        where has_orders
        union all
        select
            brand_id,
            source_id,
            measure_date,
            'order_value' as measure,
            segment_type,
            segment,
            order_value as amount,
            reporting_currency_code as currency_code
        from daily
        {% for measure in ["aov_order_value", "paid_value"] %}
            union all
            select
                brand_id,
                source_id,
                measure_date,
                '{{ measure }}' as measure,
                segment_type,
                segment,
                {{ measure }} as amount,
                reporting_currency_code as currency_code
            from daily
            where has_orders
        {% endfor %}
    )

select *
from final
