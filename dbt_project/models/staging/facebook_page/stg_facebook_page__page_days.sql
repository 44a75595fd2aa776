with

    days as (select * from {{ source("raw", "facebook_page__page_days") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            page_id,
            date as insight_date,
            metric,
            value as metric_value
        from days
    )

select *
from final
