with

    answers as (select * from {{ ref("stg_hotjar__answers") }}),

    questions as (
        select * from {{ ref("stg_hotjar__questions") }} where question_type = 'nps'
    ),

    surveys as (select * from {{ ref("stg_hotjar__surveys") }}),

    responses as (select * from {{ ref("stg_hotjar__responses") }}),

    -- A survey that asks for the address may show that staff or a tester answered.
    test_addresses as (
        select source_id, response_id
        from answers
        where {{ is_test_address("answer_email_flags") }}
        group by source_id, response_id
    ),

    -- An answer counts whether or not the person went on to the last question, and
    -- also after its question or survey was deleted.
    final as (
        select
            answers.brand_id,
            answers.source_id,
            answers.slice,
            answers.response_id || '/' || answers.question_id as response_id,
            answers.survey_id,
            surveys.survey_name,
            responses.respondent_id,
            {{ nps_score("answers.answer") }} as score,
            answers.submitted_at,
            test_addresses.response_id is not null as is_test
        from answers
        inner join
            questions
            on answers.source_id = questions.source_id
            and answers.survey_id = questions.survey_id
            and answers.question_id = questions.question_id
        left join
            surveys
            on answers.source_id = surveys.source_id
            and answers.survey_id = surveys.survey_id
        left join
            responses
            on answers.source_id = responses.source_id
            and answers.response_id = responses.response_id
        left join
            test_addresses
            on answers.source_id = test_addresses.source_id
            and answers.response_id = test_addresses.response_id
        where
            answers.position = 1
            and answers.answer is not null
            and not coalesce(responses.is_gone, false)
    )

select *
from final
