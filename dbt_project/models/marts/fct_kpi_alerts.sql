{#- Days after which the counts of an e-mail send are worth acting on: 72 hours. -#}
{% set email_mature_after_days = 3 %}

-- How each target stands as far as it can be told by now, and how each source stands.
-- Who is told, and that nobody is told twice, is decided from the ledger
-- (orchestration/alerts).
with

    scorecard as (select * from {{ ref("fct_scorecard") }} where target is not null),

    settings as (select * from {{ source("control", "alert_settings") }}),

    catalogue as (select * from {{ ref("kpi_catalogue") }}),

    brands as (select * from {{ ref("dim_brand") }}),

    inputs as (select * from {{ ref("dim_kpi_inputs") }}),

    daily as (select * from {{ ref("fct_kpi_daily") }}),

    nps as (select * from {{ ref("fct_nps_periods") }}),

    freshness as (select * from {{ ref("fct_source_freshness") }}),

    source_states as (
        select
            brand_id,
            source_id,
            case
                when max(case when status = 'failed' then 1 else 0 end) = 1
                then 'failed'
                when max(case when status = 'late' then 1 else 0 end) = 1
                then 'late'
                when
                    min(case when status = 'never_loaded' then 1 else 0 end) = 1
                    and max(due_through) is not null
                then 'never_loaded'
                else 'fresh'
            end as status,
            min(case when status = 'failed' then last_error end) as note,
            max(days_behind) as days_behind,
            min(
                case when status = 'late' then loaded_through end
            ) as late_loaded_through,
            max(loaded_through) as newest_loaded_through
        from freshness
        group by brand_id, source_id
    ),

    -- A late source mutes the periods that it has not brought whole, a failed one all.
    -- A fallback that is in use makes its KPI stale by itself.
    muting as (
        select
            inputs.brand_id,
            inputs.kpi_id,
            min(
                case
                    source_states.status
                    when 'failed'
                    then 'source ' || source_states.source_id || ' failed'
                    when 'never_loaded'
                    then 'source ' || source_states.source_id || ' has never loaded'
                end
            ) as failed_reason,
            min(
                case
                    when source_states.status = 'late'
                    then 'source ' || source_states.source_id || ' is late'
                end
            ) as late_reason,
            min(source_states.late_loaded_through) as late_loaded_through
        from inputs
        inner join
            source_states
            on inputs.brand_id = source_states.brand_id
            and inputs.source_id = source_states.source_id
        where source_states.status <> 'fresh' and not inputs.is_fallback
        group by inputs.brand_id, inputs.kpi_id
    ),

    -- A flow is made of days that each count once, so that its younger days can be left
    -- out; cohorts, balances and people can't be taken apart like that.
    flows as (
        select
            brand_id,
            kpi_id,
            max(
                case
                    when measure like 'email%' then {{ email_mature_after_days }} else 0
                end
            ) as mature_after_days,
            max(final_after_days) as final_after_days
        from inputs
        group by brand_id, kpi_id
        having min(case when additivity = 'additive' then 1 else 0 end) = 1
    ),

    watched as (
        select
            scorecard.*,
            coalesce(scorecard.tolerance, 0) as tolerance_or_0,
            settings.hysteresis,
            brands.as_of_date,
            catalogue.additivity,
            catalogue.scale,
            catalogue.denominator_measure,
            catalogue.minimum_sample,
            flows.mature_after_days,
            {{
                add_days(
                    "scorecard.period_end",
                    "flows.final_after_days + catalogue.extra_finality_days",
                )
            }} as settles_after,
            nps.nps_low,
            nps.nps_high,
            coalesce(
                muting.failed_reason,
                case
                    when
                        {{ add_days("muting.late_loaded_through", 1) }}
                        < scorecard.period_end
                    then muting.late_reason
                end
            ) as source_reason,
            scorecard.actual is null
            and scorecard.verdict = 'below_target' as is_without_conversion,
            {{ days_between("scorecard.period_start", "scorecard.period_end") }}
            as days,
            {{
                days_elapsed(
                    "scorecard.period_start",
                    "scorecard.loaded_through",
                    days_between("scorecard.period_start", "scorecard.period_end"),
                )
            }} as days_elapsed
        from scorecard
        inner join catalogue on scorecard.kpi_id = catalogue.kpi_id
        inner join brands on scorecard.brand_id = brands.brand_id
        cross join settings
        left join
            flows
            on scorecard.brand_id = flows.brand_id
            and scorecard.kpi_id = flows.kpi_id
            and catalogue.cohort_days is null
        left join
            nps
            on scorecard.kpi_id = 'nps'
            and scorecard.segment_type = 'overall'
            and scorecard.brand_id = nps.brand_id
            and scorecard.grain = nps.grain
            and scorecard.period_start = nps.period_start
        left join
            muting
            on scorecard.brand_id = muting.brand_id
            and scorecard.kpi_id = muting.kpi_id
        where scorecard.actual is not null or scorecard.verdict = 'below_target'
    ),

    -- The part of a rate that is old enough, summed before it is divided.
    mature as (
        select
            watched.brand_id,
            watched.scorecard_id,
            watched.kpi_id,
            watched.period_start,
            cast(sum(daily.numerator) as decimal(38, 6)) as numerator,
            cast(sum(daily.denominator) as decimal(38, 6)) as denominator
        from watched
        inner join
            daily
            on watched.brand_id = daily.brand_id
            and watched.kpi_id = daily.kpi_id
            and watched.segment_type = daily.segment_type
            and watched.segment = daily.segment
            and watched.period_start <= daily.period_start
            and watched.period_end > daily.period_start
            and {{ add_days("daily.period_start", "watched.mature_after_days + 1") }}
            <= watched.as_of_date
        where
            watched.status in ('provisional', 'stale')
            and watched.mature_after_days > 0
            and watched.denominator_measure is not null
        group by
            watched.brand_id, watched.scorecard_id, watched.kpi_id, watched.period_start
    ),

    -- A running period is looked at once a quarter of it has passed; rates as soon as
    -- their sample is large enough.
    staged as (
        select
            watched.*,
            case
                when watched.status = 'final'
                then 'final'
                when
                    watched.is_without_conversion
                    and watched.as_of_date > watched.settles_after
                then 'final'
                when watched.status not in ('provisional', 'stale', 'no_denominator')
                then null
                when
                    watched.additivity = 'additive'
                    and watched.days_elapsed < watched.days
                then 'paced'
                when watched.additivity = 'additive'
                then 'early'
                when
                    watched.mature_after_days is null
                    or watched.denominator_measure is null
                then null
                when
                    watched.mature_after_days > 0
                    and coalesce(mature.denominator, 0)
                    >= coalesce(watched.minimum_sample, 1)
                then 'early'
                when watched.mature_after_days > 0
                then null
                when
                    watched.minimum_sample is not null
                    or 4 * watched.days_elapsed >= watched.days
                then 'early'
            end as alert_kind,
            case
                when watched.status not in ('provisional', 'stale')
                then watched.actual
                when watched.mature_after_days > 0 and mature.denominator is not null
                then
                    {{ f64("watched.scale") }}
                    * ({{ ratio("mature.numerator", "mature.denominator") }})
                else watched.actual
            end as judged_value,
            case
                when
                    watched.status in ('provisional', 'stale')
                    and watched.additivity = 'additive'
                    and watched.days_elapsed < watched.days
                then
                    {{
                        ratio(
                            "watched.days_elapsed",
                            "watched.days",
                        )
                    }}
                else {{ f64("1") }}
            end as share_elapsed
        from watched
        left join
            mature
            on watched.brand_id = mature.brand_id
            and watched.scorecard_id = mature.scorecard_id
            and watched.kpi_id = mature.kpi_id
            and watched.period_start = mature.period_start
    ),

    measured as (
        select
            staged.*,
            target * share_elapsed as lower_mark,
            coalesce(target_upper, target) * share_elapsed as upper_mark,
            case when alert_kind = 'final' then 0 else hysteresis end as band,
            -- What is exactly the tolerance away is within it, whatever the last digits
            -- of a double say.
            tolerance_or_0 + {{ f64("0.000000001") }} as slack
        from staged
        where alert_kind is not null
    ),

    -- Negative where the value is on the wrong side of the mark: room to the lower and
    -- to the upper mark. What is beyond a whole period's upper mark stays beyond it.
    rooms as (
        select
            measured.*,
            case
                when direction = 'lower' then null else judged_value - lower_mark
            end as lower_room,
            case
                when direction = 'higher' then null else upper_mark - judged_value
            end as upper_room,
            unit = 'count' and alert_kind = 'paced' as is_counted_so_far
        from measured
    ),

    judged as (
        select
            rooms.*,
            coalesce(lower_room + slack * abs(lower_mark) < 0, false)
            or coalesce(upper_room + slack * abs(upper_mark) < 0, false) as is_beyond,
            coalesce(lower_room >= 0, true)
            and coalesce(upper_room >= 0, true) as is_met,
            coalesce(lower_room >= (band - tolerance_or_0) * abs(lower_mark), true)
            and coalesce(
                upper_room >= (band - tolerance_or_0) * abs(upper_mark), true
            ) as is_past_the_band,
            -- Early in a period only a gap that chance hardly makes counts: twice the
            -- square root of what was to be expected.
            4 * days_elapsed >= days
            or coalesce(
                direction <> 'higher' and actual > coalesce(target_upper, target), false
            )
            or (
                is_counted_so_far
                and coalesce(least(lower_room, upper_room), lower_room, upper_room)
                < -2 * sqrt(abs(lower_mark))
            ) as is_telling,
            coalesce(
                (direction <> 'higher' or nps_high < lower_mark)
                and (direction <> 'lower' or nps_low > upper_mark),
                true
            ) as is_no_chance
        from rooms
    ),

    kpi_alerts as (
        select
            brand_id,
            scorecard_id,
            cast(null as {{ dbt.type_string() }}) as source_id,
            kpi_id,
            segment_type,
            segment,
            grain,
            period_start,
            period_end,
            alert_kind,
            actual,
            judged_value,
            target,
            target_upper,
            case when alert_kind = 'paced' then lower_mark end as target_at_pace,
            direction,
            tolerance_or_0 as tolerance,
            case
                when lower_room < 0
                then lower_room
                when upper_room < 0
                then - upper_room
                when direction = 'range'
                then 0
                when direction = 'lower'
                then - upper_room
                else lower_room
            end as gap,
            case
                when is_without_conversion
                then 'breach'
                when is_beyond and is_no_chance
                then 'breach'
                when is_met and is_past_the_band
                then 'clear'
                else 'within'
            end as condition,
            coalesce(is_met, false) and not is_without_conversion as is_met,
            status = 'stale' or source_reason is not null as is_muted,
            case
                when source_reason is not null
                then source_reason
                when status = 'stale'
                then 'the value is stale'
            end as mute_reason,
            status,
            verdict,
            owner,
            team,
            sample_size,
            loaded_through,
            cast(null as bigint) as days_behind,
            cast(null as {{ dbt.type_string() }}) as note
        from judged
        where
            alert_kind = 'final'
            or (alert_kind = 'early' and not is_without_conversion)
            or is_telling
    ),

    data_alerts as (
        select
            brand_id,
            cast(null as {{ dbt.type_string() }}) as scorecard_id,
            source_id,
            cast(null as {{ dbt.type_string() }}) as kpi_id,
            cast(null as {{ dbt.type_string() }}) as segment_type,
            cast(null as {{ dbt.type_string() }}) as segment,
            cast(null as {{ dbt.type_string() }}) as grain,
            cast(null as date) as period_start,
            cast(null as date) as period_end,
            'data' as alert_kind,
            cast(null as double) as actual,
            cast(null as double) as judged_value,
            cast(null as double) as target,
            cast(null as double) as target_upper,
            cast(null as double) as target_at_pace,
            cast(null as {{ dbt.type_string() }}) as direction,
            cast(null as double) as tolerance,
            cast(null as double) as gap,
            case when status = 'fresh' then 'clear' else 'breach' end as condition,
            status = 'fresh' as is_met,
            false as is_muted,
            cast(null as {{ dbt.type_string() }}) as mute_reason,
            status,
            cast(null as {{ dbt.type_string() }}) as verdict,
            cast(null as {{ dbt.type_string() }}) as owner,
            cast(null as {{ dbt.type_string() }}) as team,
            cast(null as bigint) as sample_size,
            coalesce(late_loaded_through, newest_loaded_through) as loaded_through,
            days_behind,
            note
        from source_states
    ),

    final as (
        select *
        from kpi_alerts
        union all
        select *
        from data_alerts
    )

select *
from final
