{#- All four KPI facts are this query for one grain (day, week, month or quarter): measures are summed or taken per
period, weighed into numerators and denominators, divided once, and judged by the run's clock. -#}
{% macro kpi_fact(grain) %}

    with

        catalogue as (select * from {{ ref("kpi_catalogue") }}),

        run as (select * from {{ source("control", "run") }}),

        brands as (select * from {{ ref("dim_brand") }}),

        parts as (select * from {{ ref("int_kpi_parts") }}),

        brand_kpis as (select * from {{ ref("int_brand_kpis") }}),

        attributed_kpis as (select * from {{ ref("int_attributed_kpis") }}),

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

        {{ kpi_amounts() }},

        {{ kpi_terms() }},

        {{ kpi_spine() }},

        {{ kpi_values() }},

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
