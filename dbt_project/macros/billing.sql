{#- What 1 of a currency's minor unit is worth, from a joined row of the seed stripe_currencies; hundredths if it has none. -#}
{% macro minor_unit(minor_digits) -%}
    case
        when {{ minor_digits }} = 0
        then cast('1' as decimal(10, 6))
        when {{ minor_digits }} = 3
        then cast('0.001' as decimal(10, 6))
        else cast('0.01' as decimal(10, 6))
    end
{%- endmacro %}

{#- A whole amount in minor units as money. -#}
{% macro major_amount(amount, minor_digits) -%}
    cast(
        cast({{ amount }} as decimal(20, 0))
        * ({{ minor_unit(minor_digits) }}) as decimal(18, 6)
    )
{%- endmacro %}

{#- Whether an id is in a list of ids, a text with semicolons between them. -#}
{% macro is_in_list(id, list) -%}
    position(';' || {{ id }} || ';' in ';' || {{ list }} || ';') > 0
{%- endmacro %}

{#- How many ids a list has; none where it is null. -#}
{% macro list_length(list) -%}
    coalesce(length({{ list }}) - length(replace({{ list }}, ';', '')) + 1, 0)
{%- endmacro %}

{#- Columns of a Stripe item and its subscription that pass from what was seen to what it was. -#}
{% macro stripe_item_columns() -%}
    {{
        return(
            [
                "customer_id",
                "created",
                "start_date",
                "trial_end",
                "cancel_at_period_end",
                "ended_at",
                "pause_behavior",
                "discount_ids",
                "item_created",
                "quantity",
                "price_id",
                "product_id",
                "nickname",
                "price_currency",
                "currency",
                "unit_amount_decimal",
                "tiers_mode",
                "interval",
                "interval_count",
                "usage_type",
                "package_size",
                "package_rounding",
                "current_period_end",
                "item_discount_ids",
            ]
        )
    }}
{%- endmacro %}

{#- A moment that many days earlier. -#}
{% macro days_earlier(instant, days) -%}
    {{ return(adapter.dispatch("days_earlier", "sanjeh")(instant, days)) }}
{%- endmacro %}

{% macro default__days_earlier(instant, days) -%}
    ({{ instant }} - interval '{{ days }}' day)
{%- endmacro %}

{% macro spark__days_earlier(instant, days) -%}
    ({{ instant }} - interval '{{ days }}' day)
{%- endmacro %}
