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

{% macro spark__whole_division(a, b) -%}(({{ a }}) div({{ b }})) {%- endmacro %}

{#- x with at most `digits` digits after the point, times 10^digits, as a whole number of up to 38 digits. -#}
{% macro scaled_whole(x, digits) -%}
    {{ return(adapter.dispatch("scaled_whole", "sanjeh")(x, digits)) }}
{%- endmacro %}

{% macro default__scaled_whole(x, digits) -%}
    cast(
        cast({{ x }} as decimal(38, {{ digits }}))
        * cast('1{{ "0" * digits }}' as decimal({{ digits + 1 }}, 0)) as hugeint
    )
{%- endmacro %}

{% macro spark__scaled_whole(x, digits) -%}
    cast(
        cast({{ x }} as decimal(24, {{ digits }}))
        * cast('1{{ "0" * digits }}' as decimal({{ digits + 1 }}, 0)) as decimal(38, 0)
    )
{%- endmacro %}

{#- a / b of whole numbers, a at least 0 and b above 0, rounded half up to a whole number. -#}
{% macro half_up_division(a, b) -%}
    {{ whole_division("2 * (" ~ a ~ ") + (" ~ b ~ ")", "nullif(2 * (" ~ b ~ "), 0)") }}
{%- endmacro %}

{#- What a level of equal balances (a row of the CTE levels) is worth in the reporting currency at the rate of the joined
CTE rates: each balance is converted, and rounded, alone. -#}
{% macro level_amount() -%}
    case
        when
            levels.currency_code = levels.reporting_currency_code
            or levels.mrr = 0
            or levels.mrr is null
        then levels.mrr
        else
            cast(
                levels.balance_count
                * cast(levels.level_balance * rates.rate as decimal(38, 6)) as decimal(
                    38, 6
                )
            )
    end
{%- endmacro %}

{#- Rows of billing_interval with months_numerator / months_denominator: what a price per interval is worth per month is
price * numerator / denominator. A year is 12 months, 52 weeks and 365 days. -#}
{% macro billing_intervals_in_months() %}
    select 'day' as billing_interval, 365 as months_numerator, 12 as months_denominator
    union all
    select 'week' as billing_interval, 52 as months_numerator, 12 as months_denominator
    union all
    select 'month' as billing_interval, 1 as months_numerator, 1 as months_denominator
    union all
    select 'year' as billing_interval, 1 as months_numerator, 12 as months_denominator
{% endmacro %}
