-- The score is the KPI's own; beside it stands how far chance alone may have moved it.
-- Adjusted-Wald: 3/4 of an answer more for promoters and for detractors, 3 more in all
-- (Rocks 2016), so that a unanimous sample has an interval too.
with

    nps_periods as (select * from {{ ref("int_nps_periods") }}),

    kpis as (
        {{
            kpis_of_every_grain(
                ["brand_id", "period_start", "period_end", "value", "status"],
                "kpi_id = 'nps' and segment_type = 'overall' and numerator is not null",
            )
        }}
    ),

    answers as (
        select
            brand_id,
            grain,
            period_start,
            cast(sum(promoters) as bigint) as promoters,
            cast(sum(detractors) as bigint) as detractors,
            cast(sum(responses) as bigint) as responses
        from nps_periods
        group by brand_id, grain, period_start
    ),

    adjusted as (
        select
            kpis.*,
            answers.promoters,
            answers.detractors,
            answers.responses,
            case
                when answers.responses > 0
                then {{ ratio("answers.promoters + 0.75", "answers.responses + 3") }}
            end as promoter_share,
            case
                when answers.responses > 0
                then {{ ratio("answers.detractors + 0.75", "answers.responses + 3") }}
            end as detractor_share
        from kpis
        inner join
            answers
            on kpis.brand_id = answers.brand_id
            and kpis.grain = answers.grain
            and kpis.period_start = answers.period_start
    ),

    measured as (
        select
            *,
            promoter_share - detractor_share as centre,
            sqrt(
                {{
                    ratio(
                        "promoter_share + detractor_share - (promoter_share - detractor_share) * (promoter_share - detractor_share)",
                        "responses + 3",
                    )
                }}
            ) as standard_error
        from adjusted
    ),

    final as (
        select
            brand_id,
            grain,
            period_start,
            period_end,
            promoters,
            cast(responses - promoters - detractors as bigint) as passives,
            detractors,
            responses,
            value as nps,
            case
                when responses > 0
                then
                    greatest(
                        {{ f64("-100") }},
                        {{ f64("100") }}
                        * (centre - {{ f64("'1.96'") }} * standard_error)
                    )
            end as nps_low,
            case
                when responses > 0
                then
                    least(
                        {{ f64("100") }},
                        {{ f64("100") }}
                        * (centre + {{ f64("'1.96'") }} * standard_error)
                    )
            end as nps_high,
            status
        from measured
    )

select *
from final
