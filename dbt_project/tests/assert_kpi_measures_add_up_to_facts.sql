-- The parts that are published beside the KPIs are those the KPIs were divided from.
{{ config(meta={"dagster": {"ref": {"name": "fct_kpi_measures"}}}) }}

with

    inputs as (
        select distinct
            brand_id, kpi_id, side, measure, weight, additivity, overall_rule
        from {{ ref("dim_kpi_inputs") }}
    ),

    additive_sides as (
        select brand_id, kpi_id, side, count(*) as measures
        from inputs
        group by brand_id, kpi_id, side
        having
            count(*) = count(
                case
                    when additivity = 'additive' and overall_rule in ('sum', 'brand')
                    then 1
                end
            )
    ),

    brands as (select * from {{ ref("dim_brand") }}),

    months as (select * from {{ ref("int_day_periods") }} where grain = 'month'),

    measures as (
        select
            parts.brand_id,
            parts.measure,
            months.period_start,
            case
                when count(*) = count(parts.amount) then {{ exact_sum("parts.amount") }}
            end as amount,
            count(*) - count(parts.amount) as unknown_amounts
        from {{ ref("fct_kpi_measures") }} as parts
        inner join brands on parts.brand_id = brands.brand_id
        inner join
            months
            on brands.calendar_key = months.calendar_key
            and parts.period_start = months.calendar_date
        where parts.additivity = 'additive'
        group by parts.brand_id, parts.measure, months.period_start
    ),

    added_up as (
        select
            inputs.brand_id,
            inputs.kpi_id,
            inputs.side,
            measures.period_start,
            cast(
                sum(inputs.weight * cast(measures.amount as decimal(28, 6))) as decimal(
                    38, 6
                )
            ) as amount,
            sum(measures.unknown_amounts) as unknown_amounts
        from inputs
        inner join
            additive_sides
            on inputs.brand_id = additive_sides.brand_id
            and inputs.kpi_id = additive_sides.kpi_id
            and inputs.side = additive_sides.side
        inner join
            measures
            on inputs.brand_id = measures.brand_id
            and inputs.measure = measures.measure
        group by inputs.brand_id, inputs.kpi_id, inputs.side, measures.period_start
    ),

    facts as (
        select brand_id, kpi_id, period_start, 'numerator' as side, numerator as amount
        from {{ ref("fct_kpi_monthly") }}
        where segment_type = 'overall' and numerator is not null
        union all
        select
            brand_id, kpi_id, period_start, 'denominator' as side, denominator as amount
        from {{ ref("fct_kpi_monthly") }}
        where segment_type = 'overall' and denominator is not null
    ),

    final as (
        select facts.*, added_up.amount as added_up, added_up.unknown_amounts
        from facts
        inner join
            additive_sides
            on facts.brand_id = additive_sides.brand_id
            and facts.kpi_id = additive_sides.kpi_id
            and facts.side = additive_sides.side
        left join
            added_up
            on facts.brand_id = added_up.brand_id
            and facts.kpi_id = added_up.kpi_id
            and facts.side = added_up.side
            and facts.period_start = added_up.period_start
        where
            facts.amount <> coalesce(added_up.amount, 0)
            or coalesce(added_up.unknown_amounts, 0) > 0
    )

select *
from final
