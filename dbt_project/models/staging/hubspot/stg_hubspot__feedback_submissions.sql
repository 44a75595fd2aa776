with

    feedback_submissions as (
        select * from {{ source("raw", "hubspot__feedback_submissions") }}
    ),

    {{
        newest_version(
            "feedback_submissions", ["id"], ["hs_lastmodifieddate", "archived"]
        )
    }},

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            _slice as slice,
            id as response_id,
            hs_survey_id as survey_id,
            hs_survey_name as survey_name,
            hs_survey_type as survey_type,
            hs_survey_channel as survey_channel,
            nullif(trim(contact_id), '') as contact_id,
            hs_value as answer,
            hs_sentiment as sentiment,
            coalesce(hs_submission_timestamp, hs_createdate) as submitted_at,
            coalesce(archived, false) as is_archived
        from newest
        where not is_gone
    )

select *
from final
