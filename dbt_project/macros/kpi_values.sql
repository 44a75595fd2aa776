{#- Common table expressions of a KPI fact: numerators divided by denominators, beside the value of the period before and
of a year before. In: keys, weighed, term_counts, coverage, brand_kpis, attributed_kpis, catalogue, brands,
periods. Out: compared. -#}
{% macro kpi_values() %}

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
            case
                when
                    measured.segment_type in ('channel', 'campaign')
                    and attributed_kpis.kpi_id is not null
                then
                    coalesce(catalogue.basis || '|', '')
                    || attributed_kpis.attribution_basis
                else catalogue.basis
            end as basis,
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
                coalesce({{ add_days("measured.expect_until", 1) }}, periods.period_end)
            ) as closed_on,
            measured.final_after_days + catalogue.extra_finality_days as finality_days,
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
        left join
            attributed_kpis
            on measured.brand_id = attributed_kpis.brand_id
            and measured.kpi_id = attributed_kpis.kpi_id
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
    )

{% endmacro %}
