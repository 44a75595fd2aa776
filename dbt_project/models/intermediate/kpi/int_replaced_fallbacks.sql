{{ config(materialized="table") }}

with

    source_streams as (select * from {{ source("control", "source_streams") }}),

    measures as (select * from {{ ref("measures") }}),

    feeding as (
        select
            source_streams.brand_id,
            source_streams.source_id,
            measures.measure,
            measures.is_fallback,
            min(case when measures.is_fallback then 1 else 0 end) over (
                partition by source_streams.brand_id, measures.measure
            )
            = 0 as has_better
        from source_streams
        inner join
            measures
            on source_streams.connector = measures.connector
            and source_streams.stream = measures.stream
    ),

    final as (
        select brand_id, source_id, measure
        from feeding
        group by brand_id, source_id, measure
        having bool_and(is_fallback and has_better)
    )

select *
from final
