{% set families = [
    "ads",
    "costs",
    "crm",
    "email",
    "forms",
    "orders",
    "search",
    "social",
    "web",
] %}

with

    final as (
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
    )

select *
from final
