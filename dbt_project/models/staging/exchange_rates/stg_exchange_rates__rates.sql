with

    rates as (select * from {{ source("raw", "exchange_rates__rates") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            date as rate_date,
            upper(trim(from_currency)) as from_currency,
            upper(trim(to_currency)) as to_currency,
            rate,
            _load_id as load_id
        from rates
    )

select *
from final
