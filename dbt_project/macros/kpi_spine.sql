{#- Common table expressions of a KPI fact: which rows it has and how much of each period is loaded. In: brand_kpis,
brands, periods, day_periods, parts, kpi_days, scoped_amounts, weighed. Out: keys, coverage. -#}
{% macro kpi_spine() %}

    segment_measures as (
        select distinct brand_id, measure, source_scope, segment_type
        from scoped_amounts
    ),

    -- A breakdown counts only where every measure of the KPI has it.
    complete_segment_types as (
        select
            parts.brand_id,
            parts.kpi_id,
            segment_measures.source_scope,
            segment_measures.segment_type
        from parts
        inner join
            segment_measures
            on parts.brand_id = segment_measures.brand_id
            and parts.measure = segment_measures.measure
        inner join
            brand_kpis
            on parts.brand_id = brand_kpis.brand_id
            and parts.kpi_id = brand_kpis.kpi_id
        where
            segment_measures.segment_type not in ('overall', 'source')
            or (segment_measures.segment_type = 'source' and brand_kpis.sources > 1)
        group by
            parts.brand_id,
            parts.kpi_id,
            segment_measures.source_scope,
            segment_measures.segment_type
        having count(distinct parts.measure) = max(brand_kpis.measures)
    ),

    overall_keys as (
        select
            brand_kpis.brand_id,
            brand_kpis.kpi_id,
            '(all)' as source_scope,
            periods.period_start,
            'overall' as segment_type,
            'all' as segment
        from brand_kpis
        inner join brands on brand_kpis.brand_id = brands.brand_id
        inner join
            periods
            on brands.calendar_key = periods.calendar_key
            and brands.as_of_date >= periods.period_start
            and brand_kpis.first_date < periods.period_end
        where brand_kpis.has_overall
    ),

    keys as (
        select *
        from overall_keys
        union all
        select
            weighed.brand_id,
            weighed.kpi_id,
            weighed.source_scope,
            weighed.period_start,
            weighed.segment_type,
            weighed.segment
        from weighed
        inner join
            complete_segment_types
            on weighed.brand_id = complete_segment_types.brand_id
            and weighed.kpi_id = complete_segment_types.kpi_id
            and weighed.source_scope = complete_segment_types.source_scope
            and weighed.segment_type = complete_segment_types.segment_type
    ),

    coverage as (
        select
            kpi_days.brand_id,
            kpi_days.kpi_id,
            kpi_days.source_scope,
            day_periods.period_start,
            count(*) as days_expected,
            count(case when kpi_days.is_loaded then 1 end) as days_loaded,
            bool_or(kpi_days.is_overdue) as is_overdue,
            max(
                case when kpi_days.is_loaded then kpi_days.source_date end
            ) as loaded_through
        from kpi_days
        inner join brands on kpi_days.brand_id = brands.brand_id
        inner join
            day_periods
            on brands.calendar_key = day_periods.calendar_key
            and kpi_days.calendar_date = day_periods.calendar_date
        group by
            kpi_days.brand_id,
            kpi_days.kpi_id,
            kpi_days.source_scope,
            day_periods.period_start
    )

{% endmacro %}
