with

    comparisons as (
        select *
        from {{ ref("int_diagnosis_comparisons") }}
        where is_ratio and (grain <> 'day' or compared_with = 'target')
    ),

    -- A target has no parts: it is held against the denominator of the period before,
    -- else against this one.
    sides as (
        select
            *,
            {{ f64("scale") }} as factor,
            {{ f64("after_numerator") }} as n1,
            {{ f64("after_denominator") }} as d1,
            case
                when compared_with = 'previous_period'
                then {{ f64("before_numerator") }}
                else
                    {{ ratio("total_before", "scale") }}
                    * {{
                        f64(
                            "coalesce(nullif(before_denominator, 0), after_denominator)"
                        )
                    }}
            end as n0,
            {{ f64("coalesce(nullif(before_denominator, 0), after_denominator)") }}
            as d0
        from comparisons
    ),

    effects as (
        select
            *,
            factor
            * 0.5
            * (n1 - n0)
            * ({{ ratio("1", "d0") }} + {{ ratio("1", "d1") }}) as numerator_effect,
            factor
            * 0.5
            * (n0 + n1)
            * ({{ ratio("1", "d1") }} - {{ ratio("1", "d0") }}) as denominator_effect
        from sides
    ),

    final as (
        {% for part, before, after in [
            ("numerator", "n0", "n1"),
            ("denominator", "d0", "d1"),
        ] %}
            select
                brand_id,
                kpi_id,
                grain,
                period_start,
                compared_with,
                scorecard_id,
                'parts' as segment_type,
                '{{ part }}' as segment,
                {{ before }} as before_value,
                {{ after }} as after_value,
                {% for amount in ["before_numerator", "before_denominator"] %}
                    case
                        when compared_with = 'previous_period' then {{ amount }}
                    end as {{ amount }},
                {% endfor %}
                after_numerator,
                after_denominator,
                {{ f64("0") }} as mix_effect,
                {{ part }}_effect as rate_effect
            from effects
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    )

select *
from final
