{% set families = ["orders", "social", "subscriptions", "surveys", "web"] %}

with

    final as (
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
    )

select *
from final
