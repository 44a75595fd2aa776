with

    pipelines as (select * from {{ source("raw", "hubspot__pipelines") }}),

    {{ newest_version("pipelines", ["pipeline_id", "stage_id"], ["archived"]) }},

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            pipeline_id,
            pipeline_label as pipeline_name,
            stage_id,
            stage_label as stage_name,
            display_order,
            probability,
            is_closed,
            coalesce(archived, false) as is_archived
        from newest
        where not is_gone
    )

select *
from final
