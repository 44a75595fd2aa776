{{ config(materialized="table") }}

with

    parts as (select * from {{ ref("int_kpi_parts") }}),

    measure_sources as (select * from {{ ref("int_measure_sources") }}),

    kpi_measures as (
        select distinct brand_id, kpi_id, measure, additivity, overall_rule from parts
    ),

    measure_totals as (
        select
            brand_id,
            measure,
            count(distinct source_id) as sources,
            min(first_date) as first_date,
            max(final_after_days) as final_after_days,
            case
                when count(*) = count(expect_until) then max(expect_until)
            end as expect_until
        from measure_sources
        group by brand_id, measure
    ),

    kpi_sources as (
        select
            kpi_measures.brand_id,
            kpi_measures.kpi_id,
            count(distinct measure_sources.source_id) as sources
        from kpi_measures
        inner join
            measure_sources
            on kpi_measures.brand_id = measure_sources.brand_id
            and kpi_measures.measure = measure_sources.measure
        group by kpi_measures.brand_id, kpi_measures.kpi_id
    ),

    final as (
        select
            kpi_measures.brand_id,
            kpi_measures.kpi_id,
            cast(count(*) as bigint) as measures,
            max(kpi_sources.sources) as sources,
            max(measure_totals.first_date) as first_date,
            max(measure_totals.final_after_days) as final_after_days,
            min(measure_totals.expect_until) as expect_until,
            bool_and(
                kpi_measures.overall_rule in ('sum', 'brand')
                or (kpi_measures.overall_rule = 'single' and measure_totals.sources = 1)
            ) as has_overall,
            bool_or(kpi_measures.additivity <> 'semi_additive') as needs_all_days
        from kpi_measures
        left join
            measure_totals
            on kpi_measures.brand_id = measure_totals.brand_id
            and kpi_measures.measure = measure_totals.measure
        left join
            kpi_sources
            on kpi_measures.brand_id = kpi_sources.brand_id
            and kpi_measures.kpi_id = kpi_sources.kpi_id
        group by kpi_measures.brand_id, kpi_measures.kpi_id
        having count(*) = count(measure_totals.measure)
    )

select *
from final
