{{ config(materialized="table") }}

with

    parts as (select * from {{ ref("int_kpi_parts") }}),

    brand_kpis as (select * from {{ ref("int_brand_kpis") }}),

    measure_days as (select * from {{ ref("int_measure_days") }}),

    kpi_measures as (
        select distinct
            parts.brand_id,
            parts.kpi_id,
            parts.measure,
            brand_kpis.measures,
            brand_kpis.sources
        from parts
        inner join
            brand_kpis
            on parts.brand_id = brand_kpis.brand_id
            and parts.kpi_id = brand_kpis.kpi_id
    ),

    days_of_all_sources as (
        select
            brand_id,
            measure,
            calendar_date,
            max(source_date) as source_date,
            bool_and(is_loaded) as is_loaded,
            bool_or(is_overdue) as is_overdue
        from measure_days
        group by brand_id, measure, calendar_date
    ),

    of_all_sources as (
        select
            kpi_measures.brand_id,
            kpi_measures.kpi_id,
            '(all)' as source_scope,
            days_of_all_sources.calendar_date,
            max(days_of_all_sources.source_date) as source_date,
            bool_and(days_of_all_sources.is_loaded) as is_loaded,
            bool_or(days_of_all_sources.is_overdue) as is_overdue
        from kpi_measures
        inner join
            days_of_all_sources
            on kpi_measures.brand_id = days_of_all_sources.brand_id
            and kpi_measures.measure = days_of_all_sources.measure
        group by
            kpi_measures.brand_id,
            kpi_measures.kpi_id,
            days_of_all_sources.calendar_date
        having count(*) = max(kpi_measures.measures)
    ),

    -- Only a source that feeds every measure of the KPI has a value of its own.
    of_each_source as (
        select
            kpi_measures.brand_id,
            kpi_measures.kpi_id,
            measure_days.source_id as source_scope,
            measure_days.calendar_date,
            max(measure_days.source_date) as source_date,
            bool_and(measure_days.is_loaded) as is_loaded,
            bool_or(measure_days.is_overdue) as is_overdue
        from kpi_measures
        inner join
            measure_days
            on kpi_measures.brand_id = measure_days.brand_id
            and kpi_measures.measure = measure_days.measure
        where kpi_measures.sources > 1
        group by
            kpi_measures.brand_id,
            kpi_measures.kpi_id,
            measure_days.source_id,
            measure_days.calendar_date
        having count(*) = max(kpi_measures.measures)
    ),

    final as (
        select *
        from of_all_sources
        union all
        select *
        from of_each_source
    )

select *
from final
