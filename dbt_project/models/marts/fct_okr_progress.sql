with

    key_results as (select * from {{ ref("fct_okr_key_results") }}),

    objectives as (
        select distinct
            brand_id, objective_id, name, name_fa, owner, team, grain, period_start
        from {{ ref("int_key_result_targets") }}
    ),

    weights as (
        select
            brand_id,
            objective_id,
            grain,
            period_start,
            period_end,
            progress,
            share_elapsed,
            cast(weight as decimal(38, 18)) as weight
        from key_results
    ),

    weighed as (
        select
            brand_id,
            objective_id,
            grain,
            period_start,
            period_end,
            count(*) as key_results,
            count(*) - count(progress) as key_results_without_data,
            -- Sums of decimals: those of doubles depend on the order of the rows.
            sum(weight) as weight,
            coalesce(
                sum(case when progress is not null then weight end), 0
            ) as weight_with_data,
            sum(cast(weight * progress as decimal(38, 18))) as weighted_progress,
            sum(
                cast(
                    case
                        when progress is not null
                        then weight * coalesce(share_elapsed, 0)
                    end as decimal(38, 18)
                )
            ) as weighted_share_elapsed
        from weights
        group by brand_id, objective_id, grain, period_start, period_end
    ),

    -- A period without data does not hide the newest progress; one without any
    -- progress still shows.
    final as (
        select
            weighed.brand_id,
            weighed.objective_id,
            objectives.name,
            objectives.name_fa,
            objectives.owner,
            objectives.team,
            weighed.grain,
            weighed.period_start,
            weighed.period_end,
            cast(weighed.key_results as bigint) as key_results,
            cast(
                weighed.key_results_without_data as bigint
            ) as key_results_without_data,
            {{ f64("weighed.weight_with_data") }} as weight_with_data,
            1
            - {{ ratio("weighed.weight_with_data", "weighed.weight") }}
            as share_without_data,
            {{ ratio("weighed.weighted_progress", "weighed.weight_with_data") }}
            as progress,
            {{ ratio("weighed.weighted_share_elapsed", "weighed.weight_with_data") }}
            as expected_progress,
            weighed.period_start = coalesce(
                max(
                    case when weighed.weight_with_data > 0 then weighed.period_start end
                ) over (partition by weighed.brand_id, weighed.objective_id),
                max(weighed.period_start) over (
                    partition by weighed.brand_id, weighed.objective_id
                )
            ) as is_latest
        from weighed
        inner join
            objectives
            on weighed.brand_id = objectives.brand_id
            and weighed.objective_id = objectives.objective_id
            and weighed.period_start = objectives.period_start
    )

select *
from final
