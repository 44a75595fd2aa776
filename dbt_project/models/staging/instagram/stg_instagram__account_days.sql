with

    days as (select * from {{ source("raw", "instagram__account_days") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            account_id,
            date as insight_date,
            metric,
            value as metric_value
        from days
    )

select *
from final
