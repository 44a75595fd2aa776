{#- x as a 64-bit float; dbt.type_float() is 32-bit. -#}
{% macro f64(x) -%} {{ return(adapter.dispatch("f64", "sanjeh")(x)) }}{%- endmacro %}

{% macro default__f64(x) -%} cast({{ x }} as double) {%- endmacro %}

{#- numerator / denominator in 64-bit floats; null where the denominator is null or 0. -#}
{% macro ratio(numerator, denominator) -%}
    {{ return(adapter.dispatch("ratio", "sanjeh")(numerator, denominator)) }}
{%- endmacro %}

{% macro default__ratio(numerator, denominator) -%}
    {{ f64(numerator) }} / nullif({{ f64(denominator) }}, 0)
{%- endmacro %}

{#- Money or any other exact amount after a SUM. -#}
{% macro exact_sum(x) -%} cast(sum({{ x }}) as decimal(38, 6)) {%- endmacro %}

{#- A decimal with 6 digits after the point; what is beyond them is cut off, towards zero. -#}
{% macro cut_to_6(x) -%}
    (
        cast({{ x }} as decimal(38, 6)) - case
            when {{ x }} > 0 and cast({{ x }} as decimal(38, 6)) > {{ x }}
            then cast(0.000001 as decimal(38, 6))
            when {{ x }} < 0 and cast({{ x }} as decimal(38, 6)) < {{ x }}
            then cast(-0.000001 as decimal(38, 6))
            else cast(0 as decimal(38, 6))
        end
    )
{%- endmacro %}

{#- A 64-bit float as decimal(24, 12): times 10^12 in 64 bits, then rounded, as DuckDB casts; Spark's cast rounds the shortest
text of the float. -#}
{% macro rate_of_float(x) -%}
    {{ return(adapter.dispatch("rate_of_float", "sanjeh")(x)) }}
{%- endmacro %}

{% macro default__rate_of_float(x) -%} cast({{ x }} as decimal(24, 12)) {%- endmacro %}

{% macro spark__rate_of_float(x) -%}
    cast(
        cast(round(({{ x }}) * 1e12, 0) as decimal(24, 0))
        * cast('0.000000000001' as decimal(12, 12)) as decimal(24, 12)
    )
{%- endmacro %}
