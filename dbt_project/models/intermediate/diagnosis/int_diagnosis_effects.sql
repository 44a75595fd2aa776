{#- R0 and R1 are the ratios of the whole, w0 and w1 a segment's shares of the denominator, r0 and r1 its own ratios:
what it adds is w1 r1 - w0 r0 - (w1 - w0) (R0 + R1) / 2, split at the midpoints. -#}
with

    comparisons as (select * from {{ ref("int_diagnosis_comparisons") }}),

    segments as (select * from {{ ref("int_diagnosis_segments") }}),

    measured as (
        select
            comparisons.brand_id,
            comparisons.kpi_id,
            comparisons.grain,
            comparisons.period_start,
            comparisons.compared_with,
            comparisons.scorecard_id,
            segments.segment_type,
            segments.segment,
            segments.before_numerator,
            segments.before_denominator,
            segments.after_numerator,
            segments.after_denominator,
            comparisons.total_before,
            comparisons.is_ratio,
            {{ f64("comparisons.scale") }} as scale,
            {{ f64("segments.before_numerator") }} as n0,
            {{ f64("segments.after_numerator") }} as n1,
            {{ f64("comparisons.before_numerator") }} as total_n0,
            {{ f64("comparisons.after_numerator") }} as total_n1,
            coalesce(segments.before_denominator, 0) <> 0 as is_rated_before,
            coalesce(segments.after_denominator, 0) <> 0 as is_rated_after,
            {{ ratio("segments.before_numerator", "comparisons.before_denominator") }}
            as added_before,
            {{ ratio("segments.after_numerator", "comparisons.after_denominator") }}
            as added_after,
            {{ ratio("segments.before_denominator", "comparisons.before_denominator") }}
            as w0,
            {{ ratio("segments.after_denominator", "comparisons.after_denominator") }}
            as w1,
            {{ ratio("segments.before_numerator", "segments.before_denominator") }}
            as r0,
            {{ ratio("segments.after_numerator", "segments.after_denominator") }} as r1,
            0.5 * (
                {{
                    ratio(
                        "comparisons.before_numerator",
                        "comparisons.before_denominator",
                    )
                }}
                + {{
                    ratio(
                        "comparisons.after_numerator", "comparisons.after_denominator"
                    )
                }}
            ) as whole,
            segments.is_known_before
        from comparisons
        inner join
            segments
            on comparisons.brand_id = segments.brand_id
            and comparisons.kpi_id = segments.kpi_id
            and comparisons.grain = segments.grain
            and comparisons.period_start = segments.period_start
            and comparisons.compared_with = segments.compared_with
            and coalesce(comparisons.scorecard_id, '')
            = coalesce(segments.scorecard_id, '')
    ),

    changed as (
        select
            *,
            {{ f64("case when is_ratio then scale * r0 else scale * n0 end") }}
            as before_value,
            case
                when not is_ratio or (w0 = w1 and is_rated_before and is_rated_after)
                then {{ f64("0") }}
                when is_rated_before and is_rated_after
                then scale * (w1 - w0) * (0.5 * (r0 + r1) - whole)
                when is_rated_before or is_rated_after
                then scale * (added_after - added_before - (w1 - w0) * whole)
                else 0
            end as mix_effect,
            case
                when not is_ratio
                then scale * (n1 - n0)
                when is_rated_before and is_rated_after
                then scale * 0.5 * (w0 + w1) * (r1 - r0)
                when is_rated_before or is_rated_after
                then 0
                else scale * (added_after - added_before)
            end as rate_effect
        from measured
        where compared_with = 'previous_period'
    ),

    -- A count's target is spread over the segments as the period before was, else as
    -- this one is; where some are negative it can't be.
    aimed as (
        select
            *,
            case
                when is_ratio
                then w1
                when
                    is_known_before
                    and total_n0 > 0
                    and min(n0) over (
                        partition by
                            brand_id,
                            kpi_id,
                            grain,
                            period_start,
                            scorecard_id,
                            segment_type
                    )
                    >= 0
                then {{ ratio("n0", "total_n0") }}
                when
                    total_n1 > 0
                    and min(n1) over (
                        partition by
                            brand_id,
                            kpi_id,
                            grain,
                            period_start,
                            scorecard_id,
                            segment_type
                    )
                    >= 0
                then {{ ratio("n1", "total_n1") }}
            end as share
        from measured
        where compared_with = 'target'
    ),

    missed as (
        select
            *,
            case
                when is_ratio then total_before else total_before * share
            end as before_value,
            {{ f64("0") }} as mix_effect,
            case
                when is_ratio
                then scale * added_after - total_before * share
                else scale * n1 - total_before * share
            end as rate_effect
        from aimed
        where share is not null and (share <> 0 or n1 <> 0)
    ),

    broken_down as (
        {% for relation in ["changed", "missed"] %}
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
                case when is_ratio then scale * r1 else scale * n1 end as after_value,
                {% for amount in ["before_numerator", "before_denominator"] %}
                    {% if relation == "changed" %} {{ amount }},
                    {% else %} cast(null as decimal(38, 6)) as {{ amount }},
                    {% endif %}
                {% endfor %}
                after_numerator,
                after_denominator,
                mix_effect,
                rate_effect
            from {{ relation }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    with_breakdown as (
        select distinct
            brand_id, kpi_id, grain, period_start, compared_with, scorecard_id
        from broken_down
    ),

    whole as (
        select
            comparisons.brand_id,
            comparisons.kpi_id,
            comparisons.grain,
            comparisons.period_start,
            comparisons.compared_with,
            comparisons.scorecard_id,
            comparisons.segment_type,
            comparisons.segment,
            comparisons.total_before as before_value,
            comparisons.total_after as after_value,
            {% for amount in ["before_numerator", "before_denominator"] %}
                case
                    when comparisons.compared_with = 'previous_period'
                    then comparisons.{{ amount }}
                end as {{ amount }},
            {% endfor %}
            comparisons.after_numerator,
            comparisons.after_denominator,
            {{ f64("0") }} as mix_effect,
            comparisons.total_after - comparisons.total_before as rate_effect
        from comparisons
        left join
            with_breakdown
            on comparisons.brand_id = with_breakdown.brand_id
            and comparisons.kpi_id = with_breakdown.kpi_id
            and comparisons.grain = with_breakdown.grain
            and comparisons.period_start = with_breakdown.period_start
            and comparisons.compared_with = with_breakdown.compared_with
            and coalesce(comparisons.scorecard_id, '')
            = coalesce(with_breakdown.scorecard_id, '')
        where with_breakdown.brand_id is null
    ),

    final as (
        select *
        from broken_down
        union all
        select *
        from whole
    )

select *
from final
