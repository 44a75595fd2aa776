{#- No infinity and no NaN; null passes. NaN is greater than every number on both engines. -#}
{% test finite(model, column_name) %}
    select *
    from {{ model }}
    where
        {{ column_name }} > 1.7976931348623157e308
        or {{ column_name }} < -1.7976931348623157e308
{% endtest %}
