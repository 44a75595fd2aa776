{% set segment_columns = {
    "overall": "'all'",
    "campaign": "coalesce(campaign, '(none)')",
    "channel": "channel_id",
    "lead_source": "coalesce(lead_source, '(none)')",
} %}
{% set lead_measures = {
    "leads": ("lead_date", "true"),
    "qualified_leads": ("qualified_date", "true"),
    "lead_conversions": ("converted_date", "true"),
    "lead_cohort_converted": ("lead_date", "is_converted_90d"),
} %}

with

    leads as (select * from {{ ref("fct_leads") }}),

    deals as (
        select * from {{ ref("int_deals") }} where is_won and closed_date is not null
    ),

    final as (
        {% for measure, (day, condition) in lead_measures.items() %}
            {% for segment_type, segment in segment_columns.items() %}
                select
                    brand_id,
                    source_id,
                    {{ day }} as measure_date,
                    cast('{{ measure }}' as {{ dbt.type_string() }}) as measure,
                    cast(
                        '{{ segment_type }}' as {{ dbt.type_string() }}
                    ) as segment_type,
                    {{ segment }} as segment,
                    cast(count(*) as decimal(38, 6)) as amount,
                    cast(null as {{ dbt.type_string() }}) as currency_code
                from leads
                where {{ day }} is not null and {{ condition }}
                group by brand_id, source_id, {{ day }}, {{ segment }}
                union all
            {% endfor %}
        {% endfor %}
        select
            brand_id,
            source_id,
            closed_date as measure_date,
            'won_deals' as measure,
            'overall' as segment_type,
            'all' as segment,
            cast(count(*) as decimal(38, 6)) as amount,
            cast(null as {{ dbt.type_string() }}) as currency_code
        from deals
        group by brand_id, source_id, closed_date
        union all
        select
            brand_id,
            source_id,
            closed_date as measure_date,
            'won_deal_value' as measure,
            'overall' as segment_type,
            'all' as segment,
            {{ complete_sum("amount_reporting", "amount") }} as amount,
            reporting_currency_code as currency_code
        from deals
        group by brand_id, source_id, closed_date, reporting_currency_code
    )

select *
from final
