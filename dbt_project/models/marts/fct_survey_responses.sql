{# A rule names a column of its source: those of survey files, then Hotjar's and HubSpot's own. #}
{% set rule_columns = {
    "survey_id": "survey_id",
    "wave": "wave",
    "response_id": "response_id",
    "name": "survey_name",
    "hs_survey_id": "survey_id",
    "hs_survey_name": "survey_name",
} %}

{% set node = customer_node(
    "coalesce(sources.customer_ids, responses.source_id)",
    "responses.respondent_id",
) %}

with

    responses as (select * from {{ ref("int_survey_responses_unioned") }}),

    brands as (select * from {{ source("control", "brands") }}),

    sources as (select * from {{ source("control", "sources") }}),

    customers as (select * from {{ ref("int_customers") }}),

    row_rules as (select * from {{ source("control", "row_rules") }}),

    test_responses as (
        select distinct
            responses.source_id,
            responses.slice,
            responses.line_number,
            responses.response_id
        from responses
        inner join row_rules as rules on responses.source_id = rules.source_id
        where {{ matches_row_rule(rule_columns, "responses.") }}
    ),

    judged as (
        select
            responses.*,
            {{ surviving_customer_key("brands.customer_salt", node) }} as customer_key,
            {{ local_date("responses.submitted_at", "brands.timezone") }}
            as response_date,
            coalesce(responses.score between 0 and 10, false) as is_answer,
            responses.is_test
            or test_responses.source_id is not null as is_test_response
        from responses
        inner join brands on responses.brand_id = brands.brand_id
        left join
            sources on responses.source_id = sources.source_id
            {{ join_customers("responses", node) }}
        left join
            test_responses
            on responses.source_id = test_responses.source_id
            and responses.slice = test_responses.slice
            and coalesce(responses.line_number, -1)
            = coalesce(test_responses.line_number, -1)
            and coalesce(responses.response_id, '')
            = coalesce(test_responses.response_id, '')
    ),

    followed as (
        select
            *,
            lead(response_date) over (
                partition by
                    source_id,
                    coalesce(survey_id, ''),
                    coalesce(wave, ''),
                    customer_key,
                    is_answer and not is_test_response
                order by
                    submitted_at asc nulls first,
                    slice asc nulls first,
                    line_number asc nulls first,
                    response_id asc nulls first
            ) as next_response_date
        from judged
    ),

    final as (
        select
            brand_id,
            source_id,
            slice,
            line_number,
            response_id,
            survey_id,
            wave,
            customer_key,
            submitted_at,
            response_date,
            score,
            case
                when not is_answer
                then null
                when score >= 9
                then 'promoter'
                when score >= 7
                then 'passive'
                else 'detractor'
            end as nps_group,
            is_test_response as is_test,
            case
                when customer_key is not null and is_answer and not is_test_response
                then next_response_date
            end as replaced_date,
            -- In a wave only the person's latest answer counts; without waves, each
            -- until the next one replaces it.
            is_answer
            and not is_test_response
            and (
                customer_key is null or wave is null or next_response_date is null
            ) as counts_as_answer,
            survey_name
        from followed
    )

select *
from final
