with

    costs as (select * from {{ source("raw", "costs__costs") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            date as first_date,
            greatest(date, coalesce(end_date, date)) as last_date,
            category,
            channel,
            campaign,
            vendor,
            amount,
            upper(trim(currency_code)) as currency_code
        from costs
    )

select *
from final
