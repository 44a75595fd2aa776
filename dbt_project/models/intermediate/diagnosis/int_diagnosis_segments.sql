{%- set keys = [
    "brand_id",
    "kpi_id",
    "grain",
    "period_start",
    "compared_with",
    "scorecard_id",
] -%}
{%- set amounts = [
    "before_numerator",
    "before_denominator",
    "after_numerator",
    "after_denominator",
] -%}

with

    comparisons as (
        select *
        from {{ ref("int_diagnosis_comparisons") }}
        where segment_type = 'overall'
    ),

    parts as (select * from {{ ref("int_diagnosis_cells") }} where is_part),

    -- From day to day, channels and sources are enough; docs/decisions/0012 says why.
    sides as (
        {% for side, start in {
            "after": "period_start",
            "before": "previous_start",
        }.items() %}
            select
                {% for key in keys %} comparisons.{{ key }}, {% endfor %}
                comparisons.is_ratio,
                parts.segment_type,
                parts.segment,
                parts.numerator,
                parts.denominator,
                '{{ side }}' as side
            from comparisons
            inner join
                parts
                on comparisons.brand_id = parts.brand_id
                and comparisons.kpi_id = parts.kpi_id
                and comparisons.grain = parts.grain
                and comparisons.{{ start }} = parts.period_start
            where
                comparisons.grain <> 'day'
                or comparisons.compared_with = 'target'
                or parts.segment_type in ('channel', 'source')
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    -- No row of a segment, or an unknown amount, counts as none: what is then missing
    -- to the whole is in (rest).
    segments as (
        select
            {{ keys | join(", ") }},
            segment_type,
            segment,
            {% for side in ["before", "after"] %}
                coalesce(
                    max(case when side = '{{ side }}' then numerator end), 0
                ) as {{ side }}_numerator,
                case
                    when is_ratio
                    then
                        coalesce(
                            max(case when side = '{{ side }}' then denominator end), 0
                        )
                end as {{ side }}_denominator,
                max(
                    case
                        when side = '{{ side }}' and segment <> '(unreconciled)'
                        then 1
                        else 0
                    end
                ) as {{ side }}_rows{{ "," if not loop.last }}
            {% endfor %}
        from sides
        group by {{ keys | join(", ") }}, is_ratio, segment_type, segment
    ),

    totals as (
        select
            {{ keys | join(", ") }},
            segment_type,
            {% for amount in amounts %}
                {{ exact_sum(amount) }} as {{ amount }},
            {% endfor %}
            sum(before_rows) as before_segments,
            sum(after_rows) as after_segments
        from segments
        group by {{ keys | join(", ") }}, segment_type
    ),

    -- A breakdown that only one of the two periods has explains nothing; all of it
    -- (unreconciled) is none.
    breakdowns as (
        select
            {% for key in keys %} totals.{{ key }}, {% endfor %}
            totals.segment_type,
            {% for amount in amounts %}
                comparisons.{{ amount }} as total_{{ amount }},
                coalesce(comparisons.{{ amount }}, 0)
                - coalesce(totals.{{ amount }}, 0) as rest_{{ amount }},
            {% endfor %}
            comparisons.is_ratio,
            totals.before_segments
        from totals
        inner join
            comparisons
            on totals.brand_id = comparisons.brand_id
            and totals.kpi_id = comparisons.kpi_id
            and totals.grain = comparisons.grain
            and totals.period_start = comparisons.period_start
            and totals.compared_with = comparisons.compared_with
            and coalesce(totals.scorecard_id, '')
            = coalesce(comparisons.scorecard_id, '')
        where
            (
                totals.after_segments > 0
                or (not comparisons.is_ratio and comparisons.after_numerator = 0)
            )
            and (
                totals.before_segments > 0
                or comparisons.compared_with = 'target'
                or (not comparisons.is_ratio and comparisons.before_numerator = 0)
            )
    ),

    final as (
        select
            {% for key in keys %} segments.{{ key }}, {% endfor %}
            segments.segment_type,
            segments.segment,
            {% for amount in amounts %} segments.{{ amount }}, {% endfor %}
            breakdowns.before_segments > 0 as is_known_before
        from segments
        inner join
            breakdowns
            on segments.brand_id = breakdowns.brand_id
            and segments.kpi_id = breakdowns.kpi_id
            and segments.grain = breakdowns.grain
            and segments.period_start = breakdowns.period_start
            and segments.compared_with = breakdowns.compared_with
            and coalesce(segments.scorecard_id, '')
            = coalesce(breakdowns.scorecard_id, '')
            and segments.segment_type = breakdowns.segment_type
        union all
        select
            {{ keys | join(", ") }},
            segment_type,
            '(rest)' as segment,
            {% for amount in amounts %}
                {% if amount.endswith("_numerator") %}
                    cast(rest_{{ amount }} as decimal(38, 6)) as {{ amount }},
                {% else %}
                    case
                        when is_ratio then cast(rest_{{ amount }} as decimal(38, 6))
                    end as {{ amount }},
                {% endif %}
            {% endfor %}
            before_segments > 0 as is_known_before
        from breakdowns
        where
            -- Less is the last digit of a stored sum.
            {% for amount in amounts %}
                {{ f64("abs(rest_" ~ amount ~ ")") }}
                > 1e-10 * {{ f64("abs(coalesce(total_" ~ amount ~ ", 0))") }}
                {% if not loop.last %} or {% endif %}
            {% endfor %}
    )

select *
from final
