{{ config(materialized="table") }}

{% set families = [
    "ads",
    "costs",
    "crm",
    "email",
    "events",
    "forms",
    "orders",
    "search",
    "social",
    "web",
] %}

with

    measures as (
        {% for family in families %}
            select
                brand_id,
                source_id,
                measure_date,
                measure,
                segment_type,
                segment,
                amount,
                currency_code
            from {{ ref("int_measures_daily__" ~ family) }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    measure_days as (select * from {{ ref("int_measure_days") }}),

    -- Only sources that feed a measure have days of it: what a better source of the
    -- brand measures is not measured again. A day that its source is not asked about
    -- (before its first load, or without a load where none is expected) has no amount
    -- in
    -- any period, or a quarter would hold what none of its months does.
    final as (
        select measures.*
        from measures
        inner join
            measure_days
            on measures.brand_id = measure_days.brand_id
            and measures.source_id = measure_days.source_id
            and measures.measure = measure_days.measure
            and measures.measure_date = measure_days.calendar_date
    )

select *
from final
