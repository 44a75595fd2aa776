{% set families = ["events", "orders", "social", "subscriptions", "surveys", "web"] %}

with

    replaced as (select * from {{ ref("int_replaced_fallbacks") }}),

    measures as (
        {% for family in families %}
            select
                brand_id,
                source_id,
                grain,
                period_start,
                measure,
                segment_type,
                segment,
                amount,
                currency_code,
                sample_size,
                is_immature,
                is_stale
            from {{ ref("int_measures_periodic__" ~ family) }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    -- What a better source of the brand measures is not measured again.
    final as (
        select measures.*
        from measures
        left join
            replaced
            on measures.brand_id = replaced.brand_id
            and measures.source_id = replaced.source_id
            and measures.measure = replaced.measure
        where replaced.measure is null
    )

select *
from final
