with

    reports as (select * from {{ ref("stg_ga4__period_reports") }}),

    final as (
        select
            brand_id,
            source_id,
            report,
            period_start,
            period_end,
            property_id,
            row_number,
            dimension_names,
            dimension_1,
            dimension_2,
            metric,
            metric_value
        from reports
    )

select *
from final
