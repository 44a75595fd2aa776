{% set segment_columns = {
    "overall": "'all'",
    "form": "coalesce(form_name, form_id)",
} %}

with

    submissions as (
        select * from {{ ref("fct_form_submissions") }} where counts_as_submission
    ),

    final as (
        {% for segment_type, segment in segment_columns.items() %}
            select
                brand_id,
                source_id,
                submitted_date as measure_date,
                'form_submitter_days' as measure,
                '{{ segment_type }}' as segment_type,
                {{ segment }} as segment,
                cast(count(*) as decimal(38, 6)) as amount,
                cast(null as {{ dbt.type_string() }}) as currency_code
            from submissions
            group by brand_id, source_id, submitted_date, {{ segment }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    )

select *
from final
