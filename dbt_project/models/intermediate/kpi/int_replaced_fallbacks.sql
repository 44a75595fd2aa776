{{ config(materialized="table") }}

with

    source_streams as (select * from {{ source("control", "source_streams") }}),

    measures as (select * from {{ ref("measures") }}),

    feeding as (
        select
            source_streams.brand_id,
            source_streams.source_id,
            measures.measure,
            {{ fallback_rank("measures") }} as fallback_rank,
            min({{ fallback_rank("measures") }}) over (
                partition by source_streams.brand_id, measures.measure
            ) as best_rank
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
        having min(fallback_rank) > min(best_rank)
    )

select *
from final
