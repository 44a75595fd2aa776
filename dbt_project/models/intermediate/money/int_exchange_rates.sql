{{ config(materialized="table") }}

with

    rates as (select * from {{ ref("stg_exchange_rates__rates") }} where rate > 0),

    days as (select * from {{ ref("int_days") }}),

    reporting_currencies as (
        select distinct upper(currency_code) as currency_code
        from {{ source("control", "brands") }}
    ),

    both_directions as (
        select
            rate_date,
            from_currency,
            to_currency,
            cast(rate as decimal(24, 12)) as rate,
            load_id,
            source_id,
            1 as preference
        from rates
        union all
        select
            rate_date,
            to_currency as from_currency,
            from_currency as to_currency,
            {{ decimal_of_float(ratio("1", "rate"), 24, 12) }} as rate,
            load_id,
            source_id,
            2 as preference
        from rates
    ),

    -- A quoted rate goes before an inverted one, a later load before an earlier one.
    one_a_day as (
        select rate_date, from_currency, to_currency, rate
        from both_directions
        where from_currency <> to_currency
        qualify
            row_number() over (
                partition by rate_date, from_currency, to_currency
                order by
                    preference asc nulls last,
                    load_id desc nulls last,
                    source_id asc nulls last
            )
            = 1
    ),

    spans as (
        select
            rate_date as quoted_date,
            from_currency,
            to_currency,
            rate,
            lead(rate_date) over (
                partition by from_currency, to_currency
                order by rate_date asc nulls last
            ) as next_date
        from one_a_day
    ),

    carried as (
        select
            days.calendar_date as rate_date,
            spans.from_currency,
            spans.to_currency,
            spans.rate,
            spans.quoted_date
        from spans
        inner join
            days
            on days.calendar_date >= spans.quoted_date
            and days.calendar_date <= {{ add_days("spans.quoted_date", 7) }}
            and (spans.next_date is null or days.calendar_date < spans.next_date)
    ),

    -- Where nobody quotes a pair with a reporting currency, two rates over a common
    -- currency make it one: the
    -- pair of rates whose older one is the newest, then the currency first in the
    -- alphabet.
    crossed as (
        select
            first_leg.rate_date,
            first_leg.from_currency,
            second_leg.to_currency,
            cast(first_leg.rate * second_leg.rate as decimal(24, 12)) as rate,
            least(first_leg.quoted_date, second_leg.quoted_date) as quoted_date,
            first_leg.to_currency as via_currency
        from carried as first_leg
        inner join
            carried as second_leg
            on first_leg.rate_date = second_leg.rate_date
            and first_leg.to_currency = second_leg.from_currency
            and first_leg.from_currency <> second_leg.to_currency
        inner join
            reporting_currencies
            on second_leg.to_currency = reporting_currencies.currency_code
        left join
            carried as quoted
            on first_leg.rate_date = quoted.rate_date
            and first_leg.from_currency = quoted.from_currency
            and second_leg.to_currency = quoted.to_currency
        where quoted.rate_date is null
        qualify
            row_number() over (
                partition by
                    first_leg.rate_date, first_leg.from_currency, second_leg.to_currency
                order by
                    least(first_leg.quoted_date, second_leg.quoted_date) desc
                    nulls last,
                    first_leg.to_currency asc nulls last
            )
            = 1
    ),

    final as (
        select
            rate_date,
            from_currency,
            to_currency,
            rate,
            quoted_date,
            cast(null as {{ dbt.type_string() }}) as via_currency
        from carried
        union all
        select rate_date, from_currency, to_currency, rate, quoted_date, via_currency
        from crossed
    )

select *
from final
