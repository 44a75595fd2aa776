with

    associations as (select * from {{ source("raw", "hubspot__associations") }}),

    {{ newest_version("associations", ["from_type", "from_id", "to_type", "to_id"]) }},

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            from_type,
            from_id,
            to_type,
            to_id,
            type_ids,
            labels
        from newest
        where not is_gone
    )

select *
from final
