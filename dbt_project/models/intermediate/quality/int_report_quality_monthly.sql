{% set marks = {
    "days_sampled": "is_sampled",
    "days_thresholded": "is_thresholded",
    "days_with_other_row": "has_other_row",
    "days_incomplete": "is_incomplete",
} %}

with

    report_days as (select * from {{ ref("stg_quality__report_days") }}),

    slices as (select * from {{ source("control", "slices") }}),

    brands as (select * from {{ ref("dim_brand") }}),

    months as (select * from {{ ref("int_day_periods") }} where grain = 'month'),

    -- Rows of a day can be compared only where a slice is a day.
    daily_streams as (
        select source_id, connector, stream
        from slices
        group by source_id, connector, stream
        having max({{ days_between("window_start", "window_end") }}) = 1
    ),

    listed_days as (
        select
            source_id,
            connector,
            stream,
            window_start as report_date,
            sum(row_count) as row_count
        from slices
        group by source_id, connector, stream, window_start
    ),

    final as (
        select
            report_days.brand_id,
            report_days.source_id,
            report_days.connector,
            report_days.stream,
            months.period_start,
            months.period_end,
            cast(
                sum(
                    case
                        when daily_streams.source_id is not null
                        then report_days.landed_rows
                    end
                ) as bigint
            ) as landed_rows,
            cast(sum(coalesce(listed_days.row_count, 0)) as bigint) as listed_rows,
            -- Null where the vendor never tells.
            {% for column, mark in marks.items() %}
                cast(
                    sum(
                        case
                            when report_days.{{ mark }}
                            then 1
                            when not report_days.{{ mark }}
                            then 0
                        end
                    ) as bigint
                ) as {{ column }},
            {% endfor %}
            cast(count(report_days.truncation) as bigint) as days_truncated
        from report_days
        inner join brands on report_days.brand_id = brands.brand_id
        inner join
            months
            on brands.calendar_key = months.calendar_key
            and report_days.report_date = months.calendar_date
        left join
            daily_streams
            on report_days.source_id = daily_streams.source_id
            and report_days.connector = daily_streams.connector
            and report_days.stream = daily_streams.stream
        left join
            listed_days
            on report_days.source_id = listed_days.source_id
            and report_days.connector = listed_days.connector
            and report_days.stream = listed_days.stream
            and report_days.report_date = listed_days.report_date
        group by
            report_days.brand_id,
            report_days.source_id,
            report_days.connector,
            report_days.stream,
            months.period_start,
            months.period_end
    )

select *
from final
