with

    questions as (select * from {{ source("raw", "hotjar__questions") }}),

    {{ newest_version("questions", ["survey_id", "question_id"]) }},

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            survey_id,
            question_id,
            position,
            type as question_type,
            text as question_text,
            is_required,
            is_gone
        from newest
    )

select *
from final
