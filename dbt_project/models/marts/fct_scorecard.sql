with

    scorecard_targets as (select * from {{ ref("int_scorecard_targets") }}),

    watched_values as (select * from {{ ref("int_watched_values") }}),

    catalogue as (select * from {{ ref("kpi_catalogue") }}),

    measured as (
        select
            scorecard_targets.*,
            catalogue.name_en,
            catalogue.name_fa as kpi_name_fa,
            catalogue.unit,
            catalogue.additivity = 'additive' as is_additive,
            coalesce(catalogue.lower_bound >= 0, false)
            and scorecard_targets.target <> 0 as is_proportional,
            case
                when catalogue.unit = 'money' then scorecard_targets.currency_code
            end as money_code,
            watched_values.actual,
            watched_values.numerator,
            watched_values.sample_size,
            coalesce(watched_values.status, 'not_loaded') as status,
            watched_values.loaded_through,
            watched_values.share_loaded,
            watched_values.previous_value,
            watched_values.year_ago_value
        from scorecard_targets
        inner join catalogue on scorecard_targets.kpi_id = catalogue.kpi_id
        left join
            watched_values
            on scorecard_targets.grain = watched_values.grain
            and scorecard_targets.brand_id = watched_values.brand_id
            and scorecard_targets.kpi_id = watched_values.kpi_id
            and scorecard_targets.period_start = watched_values.period_start
            and scorecard_targets.segment_type = watched_values.segment_type
            and scorecard_targets.segment = watched_values.segment
    ),

    compared as (
        select
            *,
            case
                when actual is null
                then null
                when direction = 'higher'
                then actual >= target
                when direction = 'lower'
                then actual <= target
                else actual >= target and actual <= target_upper
            end as is_met,
            -- What counts of a range is the bound that is nearer.
            case
                when direction = 'range' and actual > target_upper
                then target_upper
                else target
            end as bound,
            is_additive and share_loaded < 1 and status <> 'final' as is_running,
            case when is_additive then target * share_loaded end as target_at_pace
        from measured
    ),

    judged as (
        select
            *,
            {{ ratio("actual", "target_at_pace") }} as pace,
            case
                when direction = 'range' and is_met then 0 else actual - bound
            end as gap,
            case
                when actual is null
                then null
                when direction = 'range' and is_met
                then 1
                when direction = 'range' and bound = 0
                then null
                when direction = 'range'
                then greatest(0, 1 - {{ ratio("abs(actual - bound)", "abs(bound)") }})
                when is_proportional and direction = 'higher'
                then {{ ratio("actual", "target") }}
                when is_proportional
                then {{ ratio("target", "actual") }}
                when target = baseline
                then case when is_met then 1 else 0 end
                else {{ ratio("actual - baseline", "target - baseline") }}
            end as attainment
        from compared
    ),

    -- A total that still runs is judged by its pace, unless it can't come right any
    -- more or, where more is better, is reached already.
    verdicts as (
        select
            *,
            case
                when status = 'low_sample'
                then 'low_sample'
                when
                    actual is null
                    and status = 'no_denominator'
                    and direction = 'lower'
                    and numerator > 0
                then 'below_target'
                when actual is null
                then 'no_data'
                when
                    is_running
                    and direction = 'range'
                    and actual <= target_upper
                    and actual > target_upper * share_loaded
                then 'behind_pace'
                when is_running and direction <> 'lower' and actual < target
                then case when pace >= 1 then 'on_pace' else 'behind_pace' end
                when is_running and direction = 'lower' and is_met
                then case when pace > 1 then 'behind_pace' else 'on_pace' end
                when is_met
                then 'on_target'
                else 'below_target'
            end as verdict
        from judged
    ),

    -- A period without data does not hide the newest verdict; one without any verdict
    -- still shows.
    final as (
        select
            verdicts.brand_id,
            verdicts.scorecard_id,
            verdicts.name,
            verdicts.name_fa,
            verdicts.goal,
            verdicts.kpi_id,
            verdicts.name_en as kpi_name_en,
            verdicts.kpi_name_fa,
            verdicts.unit,
            verdicts.money_code as currency_code,
            verdicts.grain,
            verdicts.period_start,
            verdicts.period_end,
            verdicts.segment_type,
            verdicts.segment,
            verdicts.position,
            verdicts.actual,
            verdicts.target,
            verdicts.target_upper,
            verdicts.direction,
            verdicts.baseline,
            verdicts.attainment,
            verdicts.pace,
            verdicts.verdict,
            verdicts.status,
            verdicts.sample_size,
            verdicts.owner,
            verdicts.team,
            verdicts.valid_from as target_valid_from,
            verdicts.loaded_through,
            coalesce(
                verdicts.period_start = coalesce(
                    max(
                        case
                            when verdicts.verdict <> 'no_data'
                            then verdicts.period_start
                        end
                    ) over (
                        partition by
                            verdicts.brand_id, verdicts.scorecard_id, verdicts.kpi_id
                    ),
                    max(
                        case
                            when verdicts.period_start <= verdicts.loaded_through
                            then verdicts.period_start
                        end
                    ) over (
                        partition by
                            verdicts.brand_id, verdicts.scorecard_id, verdicts.kpi_id
                    )
                ),
                false
            ) as is_latest,
            verdicts.campaign_type,
            verdicts.brand_stage,
            verdicts.tolerance,
            verdicts.gap,
            verdicts.target_at_pace,
            verdicts.previous_value,
            verdicts.year_ago_value,
            previous.verdict as previous_verdict,
            verdicts.status = 'provisional' as is_provisional
        from verdicts
        left join
            verdicts as previous
            on verdicts.brand_id = previous.brand_id
            and verdicts.scorecard_id = previous.scorecard_id
            and verdicts.kpi_id = previous.kpi_id
            and verdicts.previous_start = previous.period_start
    )

select *
from final
