with

    report_days as (select * from {{ source("raw", "quality__report_days") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            date as report_date,
            split_part(report, '/', 1) as connector,
            split_part(report, '/', 2) as stream,
            landed_rows,
            answer_rows,
            is_sampled,
            sampled_share,
            is_thresholded,
            has_other_row,
            nullif(trim(truncation), '') as truncation,
            is_incomplete,
            attribution_setting,
            empty_reason
        from report_days
    )

select *
from final
