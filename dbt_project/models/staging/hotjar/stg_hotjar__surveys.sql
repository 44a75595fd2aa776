with

    surveys as (select * from {{ source("raw", "hotjar__surveys") }}),

    {{ newest_version("surveys", ["survey_id"], ["updated_time"]) }},

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            survey_id,
            site_id,
            name as survey_name,
            type as survey_type,
            is_enabled,
            created_time as created_at,
            updated_time as updated_at,
            is_gone
        from newest
    )

select *
from final
