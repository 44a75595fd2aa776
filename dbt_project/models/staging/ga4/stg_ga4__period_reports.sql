with

    period_reports as (select * from {{ source("raw", "ga4__period_reports") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            report,
            period_start,
            period_end,
            property_id,
            row_number,
            dimension_1,
            dimension_2,
            dimension_names,
            metric,
            metric_value
        from period_reports
    )

select *
from final
