with

    merged_records as (select * from {{ source("raw", "hubspot__merges") }}),

    {{ newest_version("merged_records", ["object_type", "merged_id"]) }},

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            object_type,
            merged_id,
            id as surviving_id
        from newest
        where not is_gone
    )

select *
from final
