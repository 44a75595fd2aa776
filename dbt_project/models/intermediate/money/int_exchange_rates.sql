with

    rates as (select * from {{ ref("stg_exchange_rates__rates") }} where rate > 0),

    days as (select * from {{ ref("int_days") }}),

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
            cast({{ ratio("1", "rate") }} as decimal(24, 12)) as rate,
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

    final as (
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
    )

select *
from final
