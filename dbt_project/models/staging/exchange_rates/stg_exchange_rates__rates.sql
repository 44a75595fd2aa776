with

    rates as (select * from {{ source("raw", "exchange_rates__rates") }}),

    -- Units of rials that traders write as if they were currencies.
    units as (
        select
            'IRT' as unit,
            cast(10 as decimal(9, 4)) as rials,
            cast(0.1 as decimal(9, 4)) as of_a_rial
        union all
        select
            'IRHR' as unit,
            cast(1000 as decimal(9, 4)) as rials,
            cast(0.001 as decimal(9, 4)) as of_a_rial
        union all
        select
            'IRHT' as unit,
            cast(10000 as decimal(9, 4)) as rials,
            cast(0.0001 as decimal(9, 4)) as of_a_rial
    ),

    typed as (
        select
            _brand as brand_id,
            _source as source_id,
            date as rate_date,
            upper(trim(from_currency)) as from_code,
            upper(trim(to_currency)) as to_code,
            cast(rate as decimal(24, 12)) as rate,
            _load_id as load_id,
            _slice as slice,
            _line as line_number
        from rates
    ),

    folded as (
        select
            typed.brand_id,
            typed.source_id,
            typed.rate_date,
            case
                when from_units.unit is null then typed.from_code else 'IRR'
            end as from_currency,
            case
                when to_units.unit is null then typed.to_code else 'IRR'
            end as to_currency,
            cast(
                typed.rate
                * coalesce(to_units.rials, 1)
                * coalesce(from_units.of_a_rial, 1) as decimal(24, 12)
            ) as rate,
            typed.load_id,
            typed.slice,
            typed.line_number
        from typed
        left join units as from_units on typed.from_code = from_units.unit
        left join units as to_units on typed.to_code = to_units.unit
    ),

    -- Two files may hold one day; the newest landing of it counts.
    final as (
        select brand_id, source_id, rate_date, from_currency, to_currency, rate, load_id
        from folded
        qualify
            row_number() over (
                partition by source_id, rate_date, from_currency, to_currency
                order by
                    load_id desc nulls last,
                    slice desc nulls last,
                    line_number desc nulls last
            )
            = 1
    )

select *
from final
