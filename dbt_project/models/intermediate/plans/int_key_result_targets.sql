with

    objectives as (select * from {{ source("control", "objectives") }}),

    key_results as (select * from {{ source("control", "key_results") }}),

    brands as (select * from {{ ref("dim_brand") }}),

    periods as (select * from {{ ref("dim_period") }}),

    final as (
        select
            objectives.brand_id,
            objectives.objective_id,
            objectives.name,
            objectives.name_fa,
            objectives.owner,
            objectives.team,
            objectives.grain,
            key_results.position,
            key_results.kpi_id,
            coalesce(key_results.segment_type, 'overall') as segment_type,
            coalesce(key_results.segment, 'all') as segment,
            key_results.direction,
            key_results.baseline,
            key_results.target,
            key_results.weight,
            brands.currency_code,
            periods.period_start,
            periods.period_end,
            periods.days
        from objectives
        inner join
            key_results
            on objectives.brand_id = key_results.brand_id
            and objectives.objective_id = key_results.objective_id
        inner join brands on objectives.brand_id = brands.brand_id
        inner join
            periods
            on brands.calendar_key = periods.calendar_key
            and objectives.grain = periods.grain
            and objectives.valid_from <= periods.period_start
            and brands.as_of_date >= periods.period_start
        where objectives.valid_to is null or objectives.valid_to >= periods.period_start
    )

select *
from final
