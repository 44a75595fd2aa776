{#- How far a source of a measure stands back, from a row of the seed measures: 0 for one that is no fallback. A web tool of its
own stands back behind exported events of GA4 as it does behind GA4. -#}
{% macro fallback_rank(measures) -%}
    case
        when not {{ measures }}.is_fallback
        then 0
        when {{ measures }}.connector = 'plausible'
        then 2
        else 1
    end
{%- endmacro %}
