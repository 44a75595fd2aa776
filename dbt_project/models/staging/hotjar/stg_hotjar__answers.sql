with

    answers as (select * from {{ source("raw", "hotjar__answers") }}),

    {{
        newest_version(
            "answers", ["response_id", "question_id", "position"], ["created_time"]
        )
    }},

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            _slice as slice,
            response_id,
            survey_id,
            question_id,
            position,
            answer,
            answer_email_hmac,
            answer_email_flags,
            sentiment,
            tags,
            created_time as submitted_at,
            is_answered
        from newest
        where not is_gone
    )

select *
from final
