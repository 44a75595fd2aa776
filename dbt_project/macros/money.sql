{#- An amount in the reporting currency: itself where the currencies agree, 0 where it is 0, null where no rate is known. -#}
{% macro reporting_amount(amount, from_currency, to_currency, rate) -%}
    cast(
        case
            when {{ from_currency }} = {{ to_currency }} or {{ amount }} = 0
            then {{ amount }}
            else {{ amount }} * {{ rate }}
        end as decimal(38, 6)
    )
{%- endmacro %}

{#- Sum of converted amounts; null as soon as one amount could not be converted, so that no part passes for the whole. -#}
{% macro complete_sum(converted, original) -%}
    cast(
        case
            when count({{ original }}) = count({{ converted }})
            then sum({{ converted }})
        end as decimal(38, 6)
    )
{%- endmacro %}

{#- a / b of whole numbers, cut towards zero. -#}
{% macro whole_division(a, b) -%}
    {{ return(adapter.dispatch("whole_division", "sanjeh")(a, b)) }}
{%- endmacro %}

{#- divide() is DuckDB's integer division; sqlfmt would take its operator for a comment. -#}
{% macro default__whole_division(a, b) -%} divide({{ a }}, {{ b }}) {%- endmacro %}

{% macro spark__whole_division(a, b) -%}({{ a }}) div({{ b }}) {%- endmacro %}
