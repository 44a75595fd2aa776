with

    parts as (select * from {{ ref("int_kpi_parts") }}),

    brand_kpis as (select * from {{ ref("int_brand_kpis") }}),

    measure_sources as (select * from {{ ref("int_measure_sources") }}),

    measures as (select * from {{ ref("measures") }}),

    source_streams as (select * from {{ source("control", "source_streams") }}),

    final as (
        select
            parts.brand_id,
            parts.kpi_id,
            parts.side,
            parts.measure,
            parts.weight,
            parts.additivity,
            parts.overall_rule,
            parts.unit,
            measure_sources.source_id,
            source_streams.connector,
            source_streams.stream,
            source_streams.kind as stream_kind,
            measures.is_fallback,
            -- A report's row counts on its own day, and only there; costs are spread
            -- over the days they are for.
            parts.additivity = 'additive'
            and source_streams.kind = 'report'
            and source_streams.connector <> 'costs' as is_dated,
            measure_sources.first_date,
            measure_sources.last_date,
            measure_sources.usable_after_days,
            measure_sources.final_after_days
        from parts
        inner join
            brand_kpis
            on parts.brand_id = brand_kpis.brand_id
            and parts.kpi_id = brand_kpis.kpi_id
        inner join
            measure_sources
            on parts.brand_id = measure_sources.brand_id
            and parts.measure = measure_sources.measure
        inner join
            source_streams on measure_sources.source_id = source_streams.source_id
        inner join
            measures
            on parts.measure = measures.measure
            and source_streams.connector = measures.connector
            and source_streams.stream = measures.stream
    )

select *
from final
