{#- A type of the contracts and seeds in Spark's words: a text there has no length. -#}
{% macro spark_type(data_type) -%}
    {{ return("string" if data_type | trim | lower == "varchar" else data_type) }}
{%- endmacro %}
