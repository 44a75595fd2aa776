with

    events as (select * from {{ source("raw", "ga4__events") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            date as event_date,
            property_id,
            event_name,
            event_count
        from events
    )

select *
from final
