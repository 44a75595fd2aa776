with

    catalogue as (select * from {{ ref("kpi_catalogue") }}),

    derived_measures as (select * from {{ ref("derived_measures") }}),

    measures as (
        select
            measure,
            min(additivity) as additivity,
            min(overall_rule) as overall_rule,
            min(unit) as unit
        from {{ ref("measures") }}
        group by measure
    ),

    brands as (select * from {{ ref("dim_brand") }}),

    sides as (
        select kpi_id, 'numerator' as side, numerator_measure as named_measure
        from catalogue
        union all
        select kpi_id, 'denominator' as side, denominator_measure as named_measure
        from catalogue
        where denominator_measure is not null
    ),

    terms as (
        select
            sides.kpi_id,
            sides.side,
            coalesce(derived_measures.measure, sides.named_measure) as measure,
            coalesce(derived_measures.weight, 1) as weight,
            derived_measures.weighted_by
        from sides
        left join
            derived_measures on sides.named_measure = derived_measures.derived_measure
    ),

    weighted as (
        select
            brands.brand_id,
            terms.kpi_id,
            terms.side,
            terms.measure,
            measures.additivity,
            measures.overall_rule,
            measures.unit,
            cast(
                case
                    when terms.weighted_by = 'gross_margin'
                    then terms.weight * brands.gross_margin
                    else terms.weight
                end as decimal(9, 6)
            ) as weight
        from terms
        inner join measures on terms.measure = measures.measure
        cross join brands
    ),

    -- A brand without a gross margin has no KPI that needs one.
    unweighted as (select distinct brand_id, kpi_id from weighted where weight is null),

    final as (
        select weighted.*
        from weighted
        left join
            unweighted
            on weighted.brand_id = unweighted.brand_id
            and weighted.kpi_id = unweighted.kpi_id
        where unweighted.kpi_id is null
    )

select *
from final
