with

    forms as (select * from {{ source("raw", "hubspot__forms") }}),

    {{ newest_version("forms", ["id"], ["updated_at", "archived"]) }},

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            id as form_id,
            name as form_name,
            form_type,
            created_at,
            updated_at,
            coalesce(archived, false) as is_archived,
            is_gone
        from newest
    )

select *
from final
