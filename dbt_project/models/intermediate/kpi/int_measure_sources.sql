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

    -- A fallback feeds a measure only where the brand has no better source of it, of
    -- two fallbacks the better one.
    chosen as (
        select
            source_streams.*,
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

    feeding as (
        select
            brand_id,
            source_id,
            measure,
            max(usable_after_days) as usable_after_days,
            max(final_after_days) as final_after_days
        from chosen
        where fallback_rank = best_rank
        group by brand_id, source_id, measure
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
