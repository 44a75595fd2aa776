{#- A score of 0 to 10 from the text of an answer, in Persian, Arabic or ASCII digits; null for anything else, fractions
included. -#}
{% macro nps_score(answer) -%}
    cast(
        case
            {{ fold_text(answer) }}
            {%- for score in range(11) %}
                when '{{ score }}'
                then {{ score }}
                when '{{ score }}.0'
                then {{ score }}
            {%- endfor %}
        end as bigint
    )
{%- endmacro %}
