{#- Rows of the KPI layer from a relation with one column per measure: brand_id, source_id, measure_date, segment_type and
segment are taken as they are, a null measure gives no row. `existing` maps a measure to the column that says whether it
exists at all, so that an amount which is not known (no rate, no brand terms) stays as a row with a null amount.
`money` lists the measures that carry the relation's currency_code. -#}
{% macro measure_rows(relation, measures, existing={}, money=[]) -%}
    {%- for measure in measures %}
        select
            brand_id,
            source_id,
            measure_date,
            '{{ measure }}' as measure,
            segment_type,
            segment,
            cast({{ measure }} as decimal(38, 6)) as amount,
            {% if measure in money %} currency_code
            {% else %} cast(null as {{ dbt.type_string() }}) as currency_code
            {% endif %}
        from {{ relation }}
        where {{ existing.get(measure, measure) }} is not null
        {%- if not loop.last %}
            union all
        {% endif %}
    {%- endfor %}
{%- endmacro %}
