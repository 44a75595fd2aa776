{{ config(materialized="table") }}

with

    source_streams as (select * from {{ source("control", "source_streams") }}),

    sources as (select * from {{ source("control", "sources") }}),

    measures as (select * from {{ ref("measures") }}),

    loaded_days as (select * from {{ ref("int_measure_loaded_days") }}),

    loaded as (
        select
            brand_id,
            source_id,
            measure,
            min(calendar_date) as first_date,
            max(source_date) as last_date
        from loaded_days
        group by brand_id, source_id, measure
    ),

    feeding as (
        select
            source_streams.brand_id,
            source_streams.source_id,
            measures.measure,
            max(source_streams.usable_after_days) as usable_after_days,
            max(source_streams.final_after_days) as final_after_days
        from source_streams
        inner join
            measures
            on source_streams.connector = measures.connector
            and source_streams.stream = measures.stream
        group by source_streams.brand_id, source_streams.source_id, measures.measure
    ),

    final as (
        select
            feeding.brand_id,
            feeding.source_id,
            feeding.measure,
            feeding.usable_after_days,
            feeding.final_after_days,
            sources.expect,
            case
                when sources.expect = 'until' then sources.expect_until
            end as expect_until,
            loaded.first_date,
            loaded.last_date
        from feeding
        inner join sources on feeding.source_id = sources.source_id
        inner join
            loaded
            on feeding.brand_id = loaded.brand_id
            and feeding.source_id = loaded.source_id
            and feeding.measure = loaded.measure
    )

select *
from final
