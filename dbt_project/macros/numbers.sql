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

{#- A 64-bit float as a decimal: times 10^scale in 64 bits, then rounded, as DuckDB casts; Spark's own cast rounds the shortest
text of the float. -#}
{% macro decimal_of_float(x, precision, scale) -%}
    {{ return(adapter.dispatch("decimal_of_float", "sanjeh")(x, precision, scale)) }}
{%- endmacro %}

{% macro default__decimal_of_float(x, precision, scale) -%}
    cast({{ x }} as decimal({{ precision }}, {{ scale }}))
{%- endmacro %}

{% macro spark__decimal_of_float(x, precision, scale) -%}
    cast(
        cast(
            round(({{ x }}) * cast('1e{{ scale }}' as double), 0) as decimal(
                {{ precision }}, 0
            )
        ) * cast('1e-{{ scale }}' as decimal({{ scale }}, {{ scale }})) as decimal(
            {{ precision }}, {{ scale }}
        )
    )
{%- endmacro %}
