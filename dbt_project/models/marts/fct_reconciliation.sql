with

    report_totals as (select * from {{ ref("stg_ga4__report_totals") }}),

    slices as (select * from {{ source("control", "slices") }}),

    web_traffic as (
        select * from {{ ref("fct_web_traffic_daily") }} where segment_type = 'overall'
    ),

    order_lines as (select * from {{ ref("fct_order_lines") }}),

    breakdowns as (select * from {{ ref("int_breakdown_totals_monthly") }}),

    exported_events as (select * from {{ ref("int_event_reconciliation_monthly") }}),

    report_quality as (select * from {{ ref("int_report_quality_monthly") }}),

    sessions_of_reports as (
        select
            report_totals.brand_id,
            report_totals.source_id,
            'ga4' as connector,
            'report_totals' as stream,
            'sessions of ' || report_totals.report as metric,
            report_totals.period_start,
            report_totals.period_end,
            cast(max(report_totals.metric_value) as decimal(38, 6)) as source_total,
            {{ exact_sum("web_traffic.sessions") }} as warehouse_total
        from report_totals
        left join
            web_traffic
            on report_totals.brand_id = web_traffic.brand_id
            and report_totals.source_id = web_traffic.source_id
            and report_totals.period_start <= web_traffic.traffic_date
            and report_totals.period_end > web_traffic.traffic_date
        where
            report_totals.segment is null
            and report_totals.metric in ('visits', 'sessions')
        group by
            report_totals.brand_id,
            report_totals.source_id,
            report_totals.report,
            report_totals.period_start,
            report_totals.period_end
    ),

    landed_rows as (
        select
            brand_id,
            source_id,
            connector,
            stream,
            min(window_start) as period_start,
            max(window_end) as period_end,
            {{ exact_sum("row_count") }} as source_total
        from slices
        where connector = 'orders' and stream = 'order_lines'
        group by brand_id, source_id, connector, stream
    ),

    fact_rows as (
        select source_id, cast(count(*) as decimal(38, 6)) as warehouse_total
        from order_lines
        group by source_id
    ),

    compared as (
        select *
        from sessions_of_reports
        union all
        select
            landed_rows.brand_id,
            landed_rows.source_id,
            landed_rows.connector,
            landed_rows.stream,
            'rows' as metric,
            landed_rows.period_start,
            landed_rows.period_end,
            landed_rows.source_total,
            fact_rows.warehouse_total
        from landed_rows
        left join fact_rows on landed_rows.source_id = fact_rows.source_id
        union all
        select
            brand_id,
            source_id,
            connector,
            stream,
            metric,
            period_start,
            period_end,
            source_total,
            warehouse_total
        from breakdowns
        union all
        select
            brand_id,
            source_id,
            connector,
            stream,
            metric,
            period_start,
            period_end,
            source_total,
            warehouse_total
        from exported_events
        union all
        select
            brand_id,
            source_id,
            connector,
            stream,
            'rows' as metric,
            period_start,
            period_end,
            cast(landed_rows as decimal(38, 6)) as source_total,
            cast(listed_rows as decimal(38, 6)) as warehouse_total
        from report_quality
    ),

    final as (
        select
            compared.brand_id,
            compared.source_id,
            compared.connector,
            compared.stream,
            compared.metric,
            compared.period_start,
            compared.period_end,
            compared.source_total,
            coalesce(compared.warehouse_total, 0) as warehouse_total,
            cast(
                compared.source_total
                - coalesce(compared.warehouse_total, 0) as decimal(38, 6)
            ) as difference,
            {{
                ratio(
                    "coalesce(compared.warehouse_total, 0)", "compared.source_total"
                )
            }} as coverage,
            report_quality.days_sampled,
            report_quality.days_thresholded,
            report_quality.days_with_other_row,
            report_quality.days_truncated,
            report_quality.days_incomplete
        from compared
        left join
            report_quality
            on compared.source_id = report_quality.source_id
            and compared.connector = report_quality.connector
            and compared.stream = report_quality.stream
            and compared.period_start = report_quality.period_start
            and compared.period_end = report_quality.period_end
    )

select *
from final
