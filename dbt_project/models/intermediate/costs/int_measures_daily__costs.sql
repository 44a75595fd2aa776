with

    costs as (select * from {{ ref("int_marketing_costs_daily") }}),

    by_segment as (
        {% for segment_type, segment in [
            ("overall", "'all'"),
            ("channel", "channel_id"),
            ("campaign", "campaign"),
        ] %}
            select
                brand_id,
                source_id,
                cost_date as measure_date,
                '{{ segment_type }}' as segment_type,
                {{ segment }} as segment,
                reporting_currency_code as currency_code,
                amount,
                reporting_amount
            from costs
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    sums as (
        select
            brand_id,
            source_id,
            measure_date,
            segment_type,
            segment,
            currency_code,
            sum(amount) as original_cost,
            {{ complete_sum("reporting_amount", "amount") }} as marketing_cost
        from by_segment
        group by brand_id, source_id, measure_date, segment_type, segment, currency_code
    ),

    final as (
        {{
            measure_rows(
                "sums",
                ["marketing_cost"],
                existing={"marketing_cost": "original_cost"},
                money=["marketing_cost"],
            )
        }}
    )

select *
from final
