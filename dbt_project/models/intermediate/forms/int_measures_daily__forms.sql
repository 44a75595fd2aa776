{% set segment_columns = {
    "overall": "'all'",
    "form": "coalesce(form_name, form_id)",
} %}

with

    submissions as (
        select * from {{ ref("fct_form_submissions") }} where counts_as_submission
    ),

    form_days as (select * from {{ ref("int_form_days") }} where not is_test),

    submitters_of_submissions as (
        {% for segment_type, segment in segment_columns.items() %}
            select
                brand_id,
                source_id,
                submitted_date as measure_date,
                '{{ segment_type }}' as segment_type,
                {{ segment }} as segment,
                count(*) as form_submitter_days,
                cast(null as {{ dbt.type_string() }}) as currency_code
            from submissions
            group by brand_id, source_id, submitted_date, {{ segment }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    -- People are distinct within a form and day, so that person-form-days add up. What
    -- one form doesn't tell makes the sum unknown.
    people_of_days as (
        {% for segment_type, segment in segment_columns.items() %}
            select
                brand_id,
                source_id,
                form_date as measure_date,
                '{{ segment_type }}' as segment_type,
                {{ segment }} as segment,
                case
                    when count(*) = count(submitters) then sum(submitters)
                end as form_submitter_days,
                case
                    when count(*) = count(viewers) then sum(viewers)
                end as form_viewer_days,
                cast(null as {{ dbt.type_string() }}) as currency_code
            from form_days
            group by brand_id, source_id, form_date, {{ segment }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    final as (
        {{ measure_rows("submitters_of_submissions", ["form_submitter_days"]) }}
        union all
        {{
            measure_rows(
                "people_of_days",
                ["form_submitter_days", "form_viewer_days"],
                existing={
                    "form_submitter_days": "measure_date",
                    "form_viewer_days": "measure_date",
                },
            )
        }}
    )

select *
from final
