with

    rates as (select * from {{ source("raw", "exchange_rates__rates") }}),

    -- A file with corrected rates stands beside the one that it corrects.
    newest as (
        select *
        from rates
        qualify
            row_number() over (
                partition by
                    _source, date, upper(trim(from_currency)), upper(trim(to_currency))
                order by
                    _load_id desc nulls last,
                    _file desc nulls last,
                    _line desc nulls last
            )
            = 1
    ),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            date as rate_date,
            upper(trim(from_currency)) as from_currency,
            upper(trim(to_currency)) as to_currency,
            rate,
            _load_id as load_id
        from newest
    )

select *
from final
