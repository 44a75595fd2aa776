with

    scorecards as (select * from {{ source("control", "scorecards") }}),

    targets as (select * from {{ source("control", "targets") }}),

    brands as (select * from {{ ref("dim_brand") }}),

    periods as (select * from {{ ref("dim_period") }}),

    versions as (
        select
            *,
            lead(valid_from) over (
                partition by scorecard_id, brand_id, kpi_id
                order by valid_from nulls first
            ) as replaced_on
        from targets
    ),

    -- The version known on the first day of the period holds for the whole of it.
    final as (
        select
            versions.brand_id,
            versions.scorecard_id,
            scorecards.name,
            scorecards.name_fa,
            scorecards.goal,
            scorecards.campaign_type,
            scorecards.brand_stage,
            scorecards.owner,
            scorecards.team,
            scorecards.grain,
            coalesce(scorecards.segment_type, 'overall') as segment_type,
            coalesce(scorecards.segment, 'all') as segment,
            versions.kpi_id,
            versions.position,
            versions.target,
            versions.target_upper,
            versions.direction,
            versions.baseline,
            versions.tolerance,
            versions.valid_from,
            brands.currency_code,
            periods.period_start,
            periods.period_end,
            periods.previous_start,
            periods.days
        from versions
        inner join
            scorecards
            on versions.scorecard_id = scorecards.scorecard_id
            and versions.brand_id = scorecards.brand_id
        inner join brands on versions.brand_id = brands.brand_id
        inner join
            periods
            on brands.calendar_key = periods.calendar_key
            and scorecards.grain = periods.grain
            and versions.valid_from <= periods.period_start
            and brands.as_of_date >= periods.period_start
        where
            versions.replaced_on is null or versions.replaced_on > periods.period_start
    )

select *
from final
