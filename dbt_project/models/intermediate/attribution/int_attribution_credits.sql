{{ config(materialized="table") }}
{% set key = ["brand_id", "conversion_type", "source_id", "conversion_id"] %}

with

    conversions as (select * from {{ ref("int_conversions") }}),

    touches as (select * from {{ ref("int_conversion_touches") }}),

    rules as ({{ attribution_rule_rows() }}),

    touched as (
        select
            {% for column in key %} conversions.{{ column }}, {% endfor %}
            coalesce(touches.touch_number, 0) as touch_number,
            coalesce(touches.touch_count, 0) as touch_count,
            touches.touched_at,
            coalesce(touches.channel_id, 'unassigned') as channel_id,
            coalesce(touches.source_medium, '(not set)') as source_medium,
            coalesce(touches.campaign, '(not set)') as campaign,
            max(
                case when touches.channel_id <> 'direct' then touches.touch_number end
            ) over (
                partition by
                    {% for column in key %}
                        conversions.{{ column }}{{ "," if not loop.last }}
                    {% endfor %}
            ) as last_non_direct_number
        from conversions
        left join
            touches
            on {% for column in key %}
                conversions.{{ column }} = touches.{{ column }}
                {{ "and" if not loop.last }}
            {% endfor %}
    ),

    weighed as (
        select
            touched.*,
            rules.attribution_rule,
            {{
                credit_units(
                    "rules.attribution_rule",
                    "touched.touch_number",
                    "touched.touch_count",
                    "coalesce(touched.last_non_direct_number, touched.touch_count)",
                )
            }} as credit_units
        from touched
        cross join rules
    ),

    final as (
        select
            {% for column in key %} {{ column }}, {% endfor %}
            attribution_rule,
            touch_number,
            touch_count,
            touched_at,
            channel_id,
            source_medium,
            campaign,
            cast(
                cast(credit_units as decimal(18, 0))
                * cast(0.000000000001 as decimal(12, 12)) as decimal(18, 12)
            ) as credit
        from weighed
    )

select *
from final
