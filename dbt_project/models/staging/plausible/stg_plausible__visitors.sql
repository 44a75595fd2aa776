with

    visitors as (select * from {{ source("raw", "plausible__visitors") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            grain,
            period_start,
            period_end,
            site_id,
            visitors as active_users,
            coalesce(imports_included, false) as has_imports
        from visitors
    )

select *
from final
