{#- A named text column of the row matches a rule of control.row_rules (a lower-case LIKE pattern). The alias `rules` is
the joined rule; columns are those that a rule may name, as a list, or mapped to what the row calls them. -#}
{% macro matches_row_rule(columns, prefix="") -%}
    lower(
        case
            rules.field
            {%- for column in columns %}
                when '{{ column }}'
                then {{ prefix }}{{ columns[column] if columns is mapping else column }}
            {%- endfor %}
        end
    )
    like rules.pattern
{%- endmacro %}

{#- The semicolon-separated names of matched address patterns hold `test` or `staff`. -#}
{% macro is_test_address(flags) -%}
    (
        instr(';' || lower(coalesce({{ flags }}, '')) || ';', ';test;') > 0
        or instr(';' || lower(coalesce({{ flags }}, '')) || ';', ';staff;') > 0
    )
{%- endmacro %}

{#- The comma-separated list holds the value; both are compared as given, null holds nothing. -#}
{% macro list_holds(list, value) -%}
    instr(
        ',' || coalesce({{ list }}, '') || ',',
        ',' || coalesce({{ value }}, '(null)') || ','
    )
    > 0
{%- endmacro %}
