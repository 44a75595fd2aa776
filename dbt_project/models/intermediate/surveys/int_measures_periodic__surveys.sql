with

    placed as (select * from {{ ref("int_nps_periods") }}),

    final as (
        {% for measure, amount in {
            "nps_promoters_minus_detractors": "promoters - detractors",
            "nps_responses": "responses",
        }.items() %}
            select
                brand_id,
                source_id,
                grain,
                period_start,
                cast('{{ measure }}' as {{ dbt.type_string() }}) as measure,
                cast('overall' as {{ dbt.type_string() }}) as segment_type,
                cast('all' as {{ dbt.type_string() }}) as segment,
                cast({{ amount }} as decimal(38, 6)) as amount,
                cast(null as {{ dbt.type_string() }}) as currency_code,
                responses as sample_size,
                is_immature,
                false as is_stale
            from placed
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    )

select *
from final
