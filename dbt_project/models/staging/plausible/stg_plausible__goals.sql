with

    goals as (select * from {{ source("raw", "plausible__goals") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            date as conversion_date,
            site_id,
            goal as goal_name,
            events as conversions,
            visitors as converted_visitors,
            coalesce(imports_included, false) as has_imports
        from goals
    )

select *
from final
