{#- Common table expressions of a KPI fact: amounts weighed into numerators and denominators. In: scoped_amounts, parts.
Out: weighed (one row per KPI, scope, period and segment) and term_counts (how many terms each side has). -#}
{% macro kpi_terms() %}

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
                            parts.weight * cast(scoped_amounts.amount as decimal(28, 6))
                    end
                ) as decimal(38, 6)
            ) as numerator,
            cast(
                sum(
                    case
                        when parts.side = 'denominator'
                        then
                            parts.weight * cast(scoped_amounts.amount as decimal(28, 6))
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
                    when parts.side = 'denominator' and scoped_amounts.amount is null
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
                    when parts.side = 'denominator' and parts.additivity <> 'additive'
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

    term_counts as (
        select
            brand_id,
            kpi_id,
            count(
                case when side = 'numerator' and additivity <> 'additive' then 1 end
            ) as periodic_numerators,
            count(
                case when side = 'denominator' and additivity <> 'additive' then 1 end
            ) as periodic_denominators,
            max(case when side = 'denominator' then unit end) as denominator_unit
        from parts
        group by brand_id, kpi_id
    )

{% endmacro %}
