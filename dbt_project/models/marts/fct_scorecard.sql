with

    scorecard_targets as (select * from {{ ref("int_scorecard_targets") }}),

    catalogue as (select * from {{ ref("kpi_catalogue") }}),

    kpis as (
        select 'day' as grain, *
        from {{ ref("fct_kpi_daily") }}
        union all
        select 'week' as grain, *
        from {{ ref("fct_kpi_weekly") }}
        union all
        select 'month' as grain, *
        from {{ ref("fct_kpi_monthly") }}
        union all
        select 'quarter' as grain, *
        from {{ ref("fct_kpi_quarterly") }}
    ),

    -- A value from too few answers is withheld.
    measured as (
        select
            scorecard_targets.*,
            catalogue.name_en,
            catalogue.name_fa as kpi_name_fa,
            catalogue.unit,
            catalogue.additivity,
            coalesce(catalogue.lower_bound >= 0, false)
            and scorecard_targets.target <> 0 as is_proportional,
            case when kpis.status <> 'low_sample' then kpis.value end as actual,
            kpis.numerator,
            kpis.currency_code,
            kpis.sample_size,
            coalesce(kpis.status, 'not_loaded') as status,
            kpis.loaded_through,
            cast(
                {{
                    days_between(
                        "scorecard_targets.period_start",
                        "least(kpis.loaded_through, kpis.period_end)",
                    )
                }} + 1 as bigint
            ) as days_elapsed
        from scorecard_targets
        inner join catalogue on scorecard_targets.kpi_id = catalogue.kpi_id
        left join
            kpis
            on scorecard_targets.grain = kpis.grain
            and scorecard_targets.brand_id = kpis.brand_id
            and scorecard_targets.kpi_id = kpis.kpi_id
            and scorecard_targets.period_start = kpis.period_start
            and scorecard_targets.segment_type = kpis.segment_type
            and scorecard_targets.segment = kpis.segment
    ),

    judged as (
        select
            measured.*,
            case
                when actual is null
                then null
                when direction = 'higher'
                then actual >= target
                when direction = 'lower'
                then actual <= target
                else actual >= target and actual <= target_upper
            end as is_met,
            case
                when additivity = 'additive' and days_elapsed > 0
                then
                    {{
                        ratio(
                            "actual",
                            "target * " ~ ratio("least(days_elapsed, days)", "days"),
                        )
                    }}
            end as pace,
            additivity = 'additive' and days_elapsed < days as is_running
        from measured
    ),

    verdicts as (
        select
            brand_id,
            scorecard_id,
            name,
            name_fa,
            goal,
            kpi_id,
            name_en as kpi_name_en,
            kpi_name_fa,
            unit,
            currency_code,
            grain,
            period_start,
            period_end,
            segment_type,
            segment,
            position,
            actual,
            target,
            target_upper,
            direction,
            baseline,
            case
                when actual is null
                then null
                when direction = 'range' and is_met
                then 1
                when direction = 'range' and actual < target
                then greatest(0, 1 - {{ ratio("target - actual", "abs(target)") }})
                when direction = 'range'
                then
                    greatest(
                        0, 1 - {{ ratio("actual - target_upper", "abs(target_upper)") }}
                    )
                when is_proportional and direction = 'higher'
                then {{ ratio("actual", "target") }}
                when is_proportional
                then {{ ratio("target", "actual") }}
                when target = baseline
                then case when is_met then 1 else 0 end
                else {{ ratio("actual - baseline", "target - baseline") }}
            end as attainment,
            pace,
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
                when is_running and direction = 'higher' and not is_met
                then case when pace >= 1 then 'on_pace' else 'behind_pace' end
                when is_met
                then 'on_target'
                else 'below_target'
            end as verdict,
            status,
            sample_size,
            owner,
            team,
            valid_from as target_valid_from,
            loaded_through
        from judged
    ),

    -- A period without data does not hide the newest verdict; one without any verdict
    -- still shows.
    final as (
        select
            *,
            coalesce(
                period_start = coalesce(
                    max(case when verdict <> 'no_data' then period_start end) over (
                        partition by brand_id, scorecard_id, kpi_id
                    ),
                    max(
                        case when period_start <= loaded_through then period_start end
                    ) over (partition by brand_id, scorecard_id, kpi_id)
                ),
                false
            ) as is_latest
        from verdicts
    )

select *
from final
