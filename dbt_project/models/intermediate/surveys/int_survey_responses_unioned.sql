with

    surveys as (select * from {{ ref("stg_surveys__responses") }}),

    hotjar as (select * from {{ ref("int_survey_responses_from_hotjar") }}),

    hubspot as (select * from {{ ref("int_survey_responses_from_hubspot") }}),

    final as (
        select
            brand_id,
            source_id,
            slice,
            line_number,
            response_id,
            survey_id,
            cast(null as {{ dbt.type_string() }}) as survey_name,
            wave,
            respondent_id,
            score,
            submitted_at,
            {{ is_test_address("respondent_email_flags") }} as is_test
        from surveys
        {% for relation in ["hotjar", "hubspot"] %}
            union all
            select
                brand_id,
                source_id,
                slice,
                cast(null as bigint) as line_number,
                response_id,
                survey_id,
                survey_name,
                cast(null as {{ dbt.type_string() }}) as wave,
                respondent_id,
                score,
                submitted_at,
                is_test
            from {{ relation }}
        {% endfor %}
    )

select *
from final
