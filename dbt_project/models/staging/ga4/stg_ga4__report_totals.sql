with

    report_totals as (select * from {{ source("raw", "ga4__report_totals") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            report,
            period_start,
            period_end,
            property_id,
            metric,
            segment,
            metric_value,
            taken_at
        from report_totals
    )

select *
from final
