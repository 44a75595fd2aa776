with

    comparisons as (select * from {{ ref("int_diagnosis_comparisons") }}),

    effects as (
        select *
        from {{ ref("int_diagnosis_effects") }}
        union all
        select *
        from {{ ref("int_diagnosis_parts") }}
    ),

    explained as (
        select
            effects.*,
            comparisons.total_before,
            comparisons.total_after,
            comparisons.total_after - comparisons.total_before as total_change,
            effects.mix_effect + effects.rate_effect as contribution,
            comparisons.direction,
            comparisons.is_comparable,
            comparisons.status
        from effects
        inner join
            comparisons
            on effects.brand_id = comparisons.brand_id
            and effects.kpi_id = comparisons.kpi_id
            and effects.grain = comparisons.grain
            and effects.period_start = comparisons.period_start
            and effects.compared_with = comparisons.compared_with
            and coalesce(effects.scorecard_id, '')
            = coalesce(comparisons.scorecard_id, '')
    ),

    ranked as (
        select
            *,
            1e-9 * greatest(abs(total_before), abs(total_after)) as nothing,
            row_number() over (
                partition by
                    brand_id,
                    kpi_id,
                    grain,
                    period_start,
                    compared_with,
                    scorecard_id,
                    segment_type
                order by
                    case
                        when direction = 'lower' then - contribution else contribution
                    end nulls last,
                    segment nulls last
            ) as place
        from explained
    ),

    -- What rounding leaves of nothing pushes nowhere.
    final as (
        select
            brand_id,
            kpi_id,
            grain,
            period_start,
            compared_with,
            scorecard_id,
            segment_type,
            segment,
            before_value,
            after_value,
            before_numerator,
            before_denominator,
            after_numerator,
            after_denominator,
            total_before,
            total_after,
            total_change,
            mix_effect,
            rate_effect,
            contribution,
            case
                when abs(total_change) > nothing
                then {{ ratio("contribution", "total_change") }}
            end as share_of_change,
            cast(place as bigint) as rank,
            is_comparable
            and place = 1
            and case when direction = 'lower' then contribution else - contribution end
            > nothing as is_bottleneck,
            is_comparable,
            direction,
            status
        from ranked
    )

select *
from final
