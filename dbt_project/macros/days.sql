{#- Day of a UTC timestamp in an IANA time zone. -#}
{% macro local_date(instant, timezone) -%}
    {{ return(adapter.dispatch("local_date", "sanjeh")(instant, timezone)) }}
{%- endmacro %}

{% macro default__local_date(instant, timezone) -%}
    cast((({{ instant }}) at time zone 'UTC') at time zone {{ timezone }} as date)
{%- endmacro %}

{% macro spark__local_date(instant, timezone) -%}
    cast(from_utc_timestamp({{ instant }}, {{ timezone }}) as date)
{%- endmacro %}

{#- The date a whole number of days later (earlier where negative); a date on both engines. -#}
{% macro add_days(day, days) -%}
    {{ return(adapter.dispatch("add_days", "sanjeh")(day, days)) }}
{%- endmacro %}

{% macro default__add_days(day, days) -%}
    cast({{ day }} + cast({{ days }} as integer) as date)
{%- endmacro %}

{% macro spark__add_days(day, days) -%}
    date_add({{ day }}, cast({{ days }} as int))
{%- endmacro %}

{#- Whole days from the first date to the second, as bigint. -#}
{% macro days_between(start, finish) -%}
    {{ return(adapter.dispatch("days_between", "sanjeh")(start, finish)) }}
{%- endmacro %}

{% macro default__days_between(start, finish) -%}
    cast(date_diff('day', {{ start }}, {{ finish }}) as bigint)
{%- endmacro %}

{% macro spark__days_between(start, finish) -%}
    cast(datediff({{ finish }}, {{ start }}) as bigint)
{%- endmacro %}

{#- UTC timestamp of the midnight that ends a day in an IANA time zone. -#}
{% macro end_of_day(day, timezone) -%}
    {{ return(adapter.dispatch("end_of_day", "sanjeh")(day, timezone)) }}
{%- endmacro %}

{% macro default__end_of_day(day, timezone) -%}
    (cast({{ day }} + 1 as timestamp) at time zone {{ timezone }}) at time zone 'UTC'
{%- endmacro %}

{% macro spark__end_of_day(day, timezone) -%}
    to_utc_timestamp(cast(date_add({{ day }}, 1) as timestamp), {{ timezone }})
{%- endmacro %}

{#- Whole microseconds from the first instant to the second, as bigint. -#}
{% macro microseconds_between(start, finish) -%}
    {{ return(adapter.dispatch("microseconds_between", "sanjeh")(start, finish)) }}
{%- endmacro %}

{% macro default__microseconds_between(start, finish) -%}
    (epoch_us({{ finish }}) - epoch_us({{ start }}))
{%- endmacro %}

{% macro spark__microseconds_between(start, finish) -%}
    (unix_micros({{ finish }}) - unix_micros({{ start }}))
{%- endmacro %}

{#- Days of a period of so many days up to the newest loaded one: 0 before it, all of them after it. -#}
{% macro days_elapsed(period_start, loaded_through, days) -%}
    greatest(0, least({{ days }}, {{ days_between(period_start, loaded_through) }} + 1))
{%- endmacro %}
