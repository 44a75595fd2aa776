{#- Rows of the four KPI facts under each other, each with its grain. -#}
{% macro kpis_of_every_grain(columns, condition="true") %}
    {% for grain, fact in {
        "day": "fct_kpi_daily",
        "week": "fct_kpi_weekly",
        "month": "fct_kpi_monthly",
        "quarter": "fct_kpi_quarterly",
    }.items() %}
        select
            cast('{{ grain }}' as {{ dbt.type_string() }}) as grain,
            {{ columns | join(", ") }}
        from {{ ref(fact) }}
        where {{ condition }}
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}
{% endmacro %}
