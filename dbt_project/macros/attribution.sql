{#- The attribution rules, in the words of the settings. -#}
{% macro attribution_rules() -%}
    {{ return(["first", "last_non_direct", "linear", "position_based"]) }}
{%- endmacro %}

{#- Rows of attribution_rule. -#}
{% macro attribution_rule_rows() %}
    {% for rule in attribution_rules() %}
        select '{{ rule }}' as attribution_rule {{ "union all" if not loop.last }}
    {% endfor %}
{% endmacro %}

{#- The measures whose channels and campaigns come from attribution. -#}
{% macro attributed_measures() -%}
    {{
        return(
            [
                "orders",
                "order_value",
                "aov_order_value",
                "paid_value",
                "new_customers",
            ]
        )
    }}
{%- endmacro %}

{#- Credit of a touch in millionths of a millionth of its conversion, as bigint: earlier touches are cut, the last one takes
the rest. A conversion without touches is its own single one. -#}
{% macro credit_units(rule, touch_number, touch_count, credited_number) -%}
    {%- set whole = "cast(1000000000000 as bigint)" -%}
    {%- set linear -%}
        {{ whole_division(whole, touch_count) }}
    {%- endset -%}
    {%- set middle -%}
        {{ whole_division("cast(200000000000 as bigint)", "greatest(" ~ touch_count ~ " - 2, 1)") }}
    {%- endset -%}
    case
        when {{ touch_count }} <= 1
        then {{ whole }}
        when {{ rule }} = 'first'
        then case when {{ touch_number }} = 1 then {{ whole }} else 0 end
        when {{ rule }} = 'last_non_direct'
        then
            case
                when {{ touch_number }} = {{ credited_number }} then {{ whole }} else 0
            end
        when {{ rule }} = 'linear' or {{ touch_count }} = 2
        then
            case
                when {{ touch_number }} < {{ touch_count }}
                then {{ linear }}
                else {{ whole }} - ({{ touch_count }} - 1) * {{ linear }}
            end
        when {{ rule }} = 'position_based'
        then
            case
                when {{ touch_number }} = 1
                then cast(400000000000 as bigint)
                when {{ touch_number }} < {{ touch_count }}
                then {{ middle }}
                else
                    cast(600000000000 as bigint)
                    - ({{ touch_count }} - 2) * {{ middle }}
            end
    end
{%- endmacro %}
