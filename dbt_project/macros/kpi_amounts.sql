{#- Common table expressions of a KPI fact: what every measure amounts to in each period, per source and for the brand as
a whole. In: daily_measures, periodic_measures, day_periods, brands, parts, measure_sources. Out: scoped_amounts. -#}
{% macro kpi_amounts() %}

    -- One unknown amount (a missing exchange rate) makes the sum unknown, not
    -- smaller.
    additive_amounts as (
        select
            daily_measures.brand_id,
            daily_measures.source_id,
            daily_measures.measure,
            day_periods.period_start,
            daily_measures.segment_type,
            daily_measures.segment,
            case
                when count(*) = count(daily_measures.amount)
                then {{ exact_sum("daily_measures.amount") }}
            end as amount,
            cast(null as bigint) as sample_size,
            false as is_immature,
            false as is_stale
        from daily_measures
        inner join brands on daily_measures.brand_id = brands.brand_id
        inner join
            day_periods
            on brands.calendar_key = day_periods.calendar_key
            and daily_measures.measure_date = day_periods.calendar_date
        where daily_measures.measure_date <= brands.as_of_date
        group by
            daily_measures.brand_id,
            daily_measures.source_id,
            daily_measures.measure,
            day_periods.period_start,
            daily_measures.segment_type,
            daily_measures.segment
    ),

    source_amounts as (
        select *
        from additive_amounts
        union all
        select
            brand_id,
            source_id,
            measure,
            period_start,
            segment_type,
            segment,
            amount,
            sample_size,
            coalesce(is_immature, false) as is_immature,
            coalesce(is_stale, false) as is_stale
        from periodic_measures
    ),

    measure_rules as (
        select
            parts.brand_id,
            parts.measure,
            parts.overall_rule,
            count(distinct measure_sources.source_id) as sources
        from parts
        inner join
            measure_sources
            on parts.brand_id = measure_sources.brand_id
            and parts.measure = measure_sources.measure
        group by parts.brand_id, parts.measure, parts.overall_rule
    ),

    brand_amounts as (
        select
            source_amounts.brand_id,
            source_amounts.measure,
            '(all)' as source_scope,
            source_amounts.period_start,
            source_amounts.segment_type,
            source_amounts.segment,
            case
                when count(*) = count(source_amounts.amount)
                then {{ exact_sum("source_amounts.amount") }}
            end as amount,
            sum(source_amounts.sample_size) as sample_size,
            bool_or(source_amounts.is_immature) as is_immature,
            bool_or(source_amounts.is_stale) as is_stale
        from source_amounts
        inner join
            measure_rules
            on source_amounts.brand_id = measure_rules.brand_id
            and source_amounts.measure = measure_rules.measure
        where
            source_amounts.segment_type <> 'source'
            and (
                measure_rules.overall_rule = 'sum'
                or (
                    measure_rules.overall_rule = 'brand'
                    and source_amounts.source_id is null
                )
                or (measure_rules.overall_rule = 'single' and measure_rules.sources = 1)
                or (
                    measure_rules.overall_rule = 'never'
                    and source_amounts.segment_type <> 'overall'
                )
            )
        group by
            source_amounts.brand_id,
            source_amounts.measure,
            source_amounts.period_start,
            source_amounts.segment_type,
            source_amounts.segment
    ),

    scoped_amounts as (
        select *
        from brand_amounts
        union all
        select distinct
            brand_id,
            measure,
            source_id as source_scope,
            period_start,
            'source' as segment_type,
            source_id as segment,
            amount,
            sample_size,
            is_immature,
            is_stale
        from source_amounts
        where segment_type in ('overall', 'source') and source_id is not null
    )

{% endmacro %}
