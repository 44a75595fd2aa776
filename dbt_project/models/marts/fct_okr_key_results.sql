with

    key_result_targets as (select * from {{ ref("int_key_result_targets") }}),

    watched_values as (select * from {{ ref("int_watched_values") }}),

    catalogue as (select * from {{ ref("kpi_catalogue") }}),

    measured as (
        select
            key_result_targets.*,
            catalogue.unit,
            watched_values.actual,
            watched_values.numerator,
            coalesce(watched_values.status, 'not_loaded') as status,
            watched_values.loaded_through,
            watched_values.share_loaded
        from key_result_targets
        inner join catalogue on key_result_targets.kpi_id = catalogue.kpi_id
        left join
            watched_values
            on key_result_targets.grain = watched_values.grain
            and key_result_targets.brand_id = watched_values.brand_id
            and key_result_targets.kpi_id = watched_values.kpi_id
            and key_result_targets.period_start = watched_values.period_start
            and key_result_targets.segment_type = watched_values.segment_type
            and key_result_targets.segment = watched_values.segment
    ),

    final as (
        select
            brand_id,
            objective_id,
            position,
            kpi_id,
            segment_type,
            segment,
            grain,
            period_start,
            period_end,
            direction,
            baseline,
            target,
            actual,
            unit,
            case when unit = 'money' then currency_code end as currency_code,
            weight,
            -- What was spent without a result is no progress, and not unknown.
            case
                when
                    actual is null
                    and status = 'no_denominator'
                    and direction = 'lower'
                    and numerator > 0
                then cast(0 as double)
                when actual is null
                then null
                when baseline = target and direction = 'lower'
                then case when actual <= target then 1 else 0 end
                when baseline = target
                then case when actual >= target then 1 else 0 end
                else
                    least(
                        1,
                        greatest(
                            0, {{ ratio("actual - baseline", "target - baseline") }}
                        )
                    )
            end as progress,
            status,
            loaded_through,
            share_loaded as share_elapsed
        from measured
    )

select *
from final
