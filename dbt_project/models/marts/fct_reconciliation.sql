with

    report_totals as (select * from {{ ref("stg_ga4__report_totals") }}),

    slices as (select * from {{ source("control", "slices") }}),

    web_traffic as (
        select * from {{ ref("fct_web_traffic_daily") }} where segment_type = 'overall'
    ),

    order_lines as (select * from {{ ref("fct_order_lines") }}),

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
    ),

    final as (
        select
            brand_id,
            source_id,
            connector,
            stream,
            metric,
            period_start,
            period_end,
            source_total,
            coalesce(warehouse_total, 0) as warehouse_total,
            cast(
                source_total - coalesce(warehouse_total, 0) as decimal(38, 6)
            ) as difference,
            {{ ratio("coalesce(warehouse_total, 0)", "source_total") }} as coverage
        from compared
    )

select *
from final
