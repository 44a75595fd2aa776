with

    sources as (select * from {{ source("control", "sources") }}),

    brands as (select * from {{ source("control", "brands") }}),

    final as (
        select
            sources.source_id,
            sources.brand_id,
            upper(
                coalesce(sources.currency_code, brands.currency_code)
            ) as source_currency_code,
            upper(brands.currency_code) as reporting_currency_code
        from sources
        inner join brands on sources.brand_id = brands.brand_id
    )

select *
from final
