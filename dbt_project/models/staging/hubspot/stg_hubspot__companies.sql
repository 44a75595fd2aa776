with

    companies as (select * from {{ source("raw", "hubspot__companies") }}),

    {{ newest_version("companies", ["id"], ["hs_lastmodifieddate", "archived"]) }},

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            id as company_id,
            name as company_name,
            domain,
            industry,
            country,
            lifecyclestage as lifecycle_stage,
            createdate as created_at,
            hs_lastmodifieddate as updated_at,
            coalesce(archived, false) as is_archived,
            is_gone
        from newest
    )

select *
from final
