{#- All four KPI facts are this query for one grain (day, week, month or quarter): measures are summed or taken per
period, weighed into numerators and denominators, divided once, and judged by the run's clock. -#}
{% macro kpi_fact(grain) %}

    with

        catalogue as (select * from {{ ref("kpi_catalogue") }}),

        run as (select * from {{ source("control", "run") }}),

        brands as (select * from {{ ref("dim_brand") }}),

        parts as (select * from {{ ref("int_kpi_parts") }}),

        brand_kpis as (select * from {{ ref("int_brand_kpis") }}),

        measure_sources as (select * from {{ ref("int_measure_sources") }}),

        kpi_days as (select * from {{ ref("int_kpi_days") }}),

        daily_measures as (select * from {{ ref("int_kpi_measures_daily") }}),

        periodic_measures as (
            select *
            from {{ ref("int_kpi_measures_periodic") }}
            where grain = '{{ grain }}'
        ),

        periods as (select * from {{ ref("dim_period") }} where grain = '{{ grain }}'),

        day_periods as (
            select * from {{ ref("int_day_periods") }} where grain = '{{ grain }}'
        ),

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
                    or (
                        measure_rules.overall_rule = 'single'
                        and measure_rules.sources = 1
                    )
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
        ),

        -- A breakdown counts only where every measure of the KPI has it.
        weighed as (
            select
                parts.brand_id,
                parts.kpi_id,
                scoped_amounts.source_scope,
                scoped_amounts.period_start,
                scoped_amounts.segment_type,
                scoped_amounts.segment,
                cast(
                    sum(
                        case
                            when parts.side = 'numerator'
                            then
                                parts.weight
                                * cast(scoped_amounts.amount as decimal(28, 6))
                        end
                    ) as decimal(38, 6)
                ) as numerator,
                cast(
                    sum(
                        case
                            when parts.side = 'denominator'
                            then
                                parts.weight
                                * cast(scoped_amounts.amount as decimal(28, 6))
                        end
                    ) as decimal(38, 6)
                ) as denominator,
                count(
                    case
                        when parts.side = 'numerator' and scoped_amounts.amount is null
                        then 1
                    end
                ) as unknown_numerators,
                count(
                    case
                        when
                            parts.side = 'denominator' and scoped_amounts.amount is null
                        then 1
                    end
                ) as unknown_denominators,
                count(
                    case
                        when parts.side = 'numerator' and parts.additivity <> 'additive'
                        then 1
                    end
                ) as periodic_numerators,
                count(
                    case
                        when
                            parts.side = 'denominator'
                            and parts.additivity <> 'additive'
                        then 1
                    end
                ) as periodic_denominators,
                max(scoped_amounts.sample_size) as sample_size,
                bool_or(scoped_amounts.is_immature) as is_immature,
                bool_or(scoped_amounts.is_stale) as is_stale
            from parts
            inner join
                scoped_amounts
                on parts.brand_id = scoped_amounts.brand_id
                and parts.measure = scoped_amounts.measure
            group by
                parts.brand_id,
                parts.kpi_id,
                scoped_amounts.source_scope,
                scoped_amounts.period_start,
                scoped_amounts.segment_type,
                scoped_amounts.segment
        ),

        segment_measures as (
            select distinct brand_id, measure, source_scope, segment_type
            from scoped_amounts
        ),

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
        ),

        term_counts as (
            select
                brand_id,
                kpi_id,
                count(
                    case when side = 'numerator' and additivity <> 'additive' then 1 end
                ) as periodic_numerators,
                count(
                    case
                        when side = 'denominator' and additivity <> 'additive' then 1
                    end
                ) as periodic_denominators,
                max(case when side = 'denominator' then unit end) as denominator_unit
            from parts
            group by brand_id, kpi_id
        ),

        -- A missing row of an additive measure is a zero where its days are loaded;
        -- elsewhere it is unknown.
        measured as (
            select
                keys.brand_id,
                keys.kpi_id,
                keys.period_start,
                keys.segment_type,
                keys.segment,
                case
                    when coalesce(coverage.days_loaded, 0) = 0
                    then null
                    when coalesce(weighed.unknown_numerators, 0) > 0
                    then null
                    when
                        coalesce(weighed.periodic_numerators, 0)
                        < term_counts.periodic_numerators
                    then null
                    else coalesce(weighed.numerator, 0)
                end as numerator,
                case
                    when
                        catalogue.denominator_measure is null
                        or coalesce(coverage.days_loaded, 0) = 0
                    then null
                    when coalesce(weighed.unknown_denominators, 0) > 0
                    then null
                    when
                        coalesce(weighed.periodic_denominators, 0)
                        < term_counts.periodic_denominators
                    then null
                    else coalesce(weighed.denominator, 0)
                end as denominator,
                term_counts.denominator_unit,
                weighed.sample_size as given_sample_size,
                coalesce(weighed.is_immature, false) as is_immature,
                coalesce(weighed.is_stale, false)
                or (
                    brand_kpis.needs_all_days and coalesce(coverage.is_overdue, false)
                ) as is_stale,
                coalesce(coverage.days_loaded, 0) as days_loaded,
                coalesce(coverage.days_expected, 0) as days_expected,
                coverage.loaded_through,
                brand_kpis.final_after_days,
                brand_kpis.expect_until
            from keys
            inner join catalogue on keys.kpi_id = catalogue.kpi_id
            inner join
                brand_kpis
                on keys.brand_id = brand_kpis.brand_id
                and keys.kpi_id = brand_kpis.kpi_id
            inner join
                term_counts
                on keys.brand_id = term_counts.brand_id
                and keys.kpi_id = term_counts.kpi_id
            left join
                weighed
                on keys.brand_id = weighed.brand_id
                and keys.kpi_id = weighed.kpi_id
                and keys.source_scope = weighed.source_scope
                and keys.period_start = weighed.period_start
                and keys.segment_type = weighed.segment_type
                and keys.segment = weighed.segment
            left join
                coverage
                on keys.brand_id = coverage.brand_id
                and keys.kpi_id = coverage.kpi_id
                and keys.source_scope = coverage.source_scope
                and keys.period_start = coverage.period_start
            where keys.segment_type = 'overall' or coverage.days_loaded > 0
        ),

        valued as (
            select
                measured.*,
                brands.calendar,
                brands.as_of_date,
                catalogue.unit,
                catalogue.basis,
                catalogue.lower_bound,
                catalogue.cohort_days,
                catalogue.minimum_sample,
                catalogue.denominator_measure,
                case
                    when catalogue.unit = 'money' then brands.currency_code
                end as currency_code,
                periods.period_end,
                periods.previous_start,
                periods.year_ago_start,
                least(
                    periods.period_end,
                    coalesce(
                        {{ add_days("measured.expect_until", 1) }}, periods.period_end
                    )
                ) as closed_on,
                measured.final_after_days
                + catalogue.extra_finality_days as finality_days,
                case
                    when catalogue.denominator_measure is null
                    then {{ f64("catalogue.scale") }} * {{ f64("measured.numerator") }}
                    else
                        {{ f64("catalogue.scale") }}
                        * ({{ ratio("measured.numerator", "measured.denominator") }})
                end as value,
                cast(
                    coalesce(
                        measured.given_sample_size,
                        case
                            when measured.denominator_unit = 'count'
                            then cast(floor(measured.denominator) as bigint)
                        end
                    ) as bigint
                ) as sample_size
            from measured
            inner join brands on measured.brand_id = brands.brand_id
            inner join catalogue on measured.kpi_id = catalogue.kpi_id
            inner join
                periods
                on brands.calendar_key = periods.calendar_key
                and measured.period_start = periods.period_start
        ),

        compared as (
            select
                valued.*,
                previous.value as previous_value,
                year_ago.value as year_ago_value,
                valued.value - previous.value as change_abs,
                case
                    when valued.lower_bound >= 0
                    then {{ ratio("valued.value - previous.value", "previous.value") }}
                end as change_rate
            from valued
            left join
                valued as previous
                on valued.brand_id = previous.brand_id
                and valued.kpi_id = previous.kpi_id
                and valued.segment_type = previous.segment_type
                and valued.segment = previous.segment
                and valued.previous_start = previous.period_start
            left join
                valued as year_ago
                on valued.brand_id = year_ago.brand_id
                and valued.kpi_id = year_ago.kpi_id
                and valued.segment_type = year_ago.segment_type
                and valued.segment = year_ago.segment
                and valued.year_ago_start = year_ago.period_start
        ),

        final as (
            select
                compared.brand_id,
                compared.kpi_id,
                compared.period_start,
                compared.period_end,
                compared.segment_type,
                compared.segment,
                compared.numerator,
                compared.denominator,
                compared.value,
                compared.currency_code,
                compared.calendar,
                compared.basis,
                compared.days_loaded,
                compared.days_expected,
                compared.sample_size,
                case
                    when
                        compared.days_loaded = 0
                        or (compared.numerator is null and not compared.is_stale)
                    then 'not_loaded'
                    when compared.is_stale
                    then 'stale'
                    when
                        compared.denominator_measure is not null
                        and coalesce(compared.denominator, 0) = 0
                    then 'no_denominator'
                    when compared.sample_size < compared.minimum_sample
                    then 'low_sample'
                    when
                        compared.is_immature
                        or {{ add_days("compared.period_end", "compared.cohort_days") }}
                        > compared.as_of_date
                    then 'immature'
                    when
                        compared.as_of_date < compared.closed_on
                        or {{ add_days("compared.closed_on", "compared.finality_days") }}
                        >= compared.as_of_date
                    then 'provisional'
                    else 'final'
                end as status,
                compared.previous_value,
                compared.year_ago_value,
                compared.change_abs,
                compared.change_rate,
                compared.loaded_through,
                run.built_at
            from compared
            cross join run
        )

    select *
    from final

{% endmacro %}
