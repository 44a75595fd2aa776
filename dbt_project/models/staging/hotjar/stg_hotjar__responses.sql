with

    responses as (select * from {{ source("raw", "hotjar__responses") }}),

    {{ newest_version("responses", ["response_id"], ["created_time"]) }},

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            response_id,
            survey_id,
            nullif(trim(hotjar_user_id), '') as respondent_id,
            device,
            browser,
            os,
            country,
            response_origin_url as page_url,
            created_time as submitted_at,
            is_complete,
            is_gone
        from newest
    )

select *
from final
