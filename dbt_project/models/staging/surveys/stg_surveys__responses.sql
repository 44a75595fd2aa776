with

    responses as (select * from {{ source("raw", "surveys__responses") }}),

    -- A line without an id is its own record, so that equal answers of two people
    -- stay two.
    ranked as (
        select
            *,
            row_number() over (
                partition by
                    _source,
                    coalesce(response_id, ''),
                    case when response_id is null then _slice end,
                    case when response_id is null then _line end
                order by
                    _load_id desc nulls last,
                    submitted_at desc nulls first,
                    _slice desc nulls last,
                    _line desc nulls last
            ) as version_rank
        from responses
    ),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            _slice as slice,
            _line as line_number,
            response_id,
            survey_id,
            wave,
            coalesce(
                nullif(trim(person_id), ''), respondent_email_hmac
            ) as respondent_id,
            respondent_email_flags,
            score,
            submitted_at
        from ranked
        where version_rank = 1 and not coalesce(_is_deleted, false)
    )

select *
from final
