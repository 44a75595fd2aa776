{% set measures = ["sessions", "engaged_sessions", "page_views"] %}

with

    reports as (select * from {{ ref("int_web_traffic_totals") }}),

    report_properties as (
        select source_id, max(property_id) as property_id
        from {{ ref("stg_ga4__totals") }}
        group by source_id
    ),

    event_traffic as (
        select *
        from {{ ref("int_event_traffic_daily") }}
        where segment_type = 'overall'
    ),

    event_properties as (
        select source_id, max(property_id) as property_id
        from {{ ref("int_event_session_days") }}
        group by source_id
    ),

    source_streams as (select * from {{ source("control", "source_streams") }}),

    loaded_days as (select * from {{ ref("int_measure_loaded_days") }}),

    brands as (select * from {{ ref("dim_brand") }}),

    months as (select * from {{ ref("int_day_periods") }} where grain = 'month'),

    -- An export and a report source of one brand, unless they say that they are
    -- different properties.
    pairs as (
        select distinct
            exports.brand_id,
            exports.source_id as event_source_id,
            asked.source_id as report_source_id
        from source_streams as exports
        inner join source_streams as asked on exports.brand_id = asked.brand_id
        left join event_properties on exports.source_id = event_properties.source_id
        left join report_properties on asked.source_id = report_properties.source_id
        where
            exports.connector = 'ga4_events'
            and asked.connector = 'ga4'
            and coalesce(
                event_properties.property_id = report_properties.property_id, true
            )
    ),

    -- Days that both have loaded, per measure.
    shared_days as (
        select
            pairs.brand_id,
            pairs.event_source_id,
            pairs.report_source_id,
            report_days.measure,
            report_days.calendar_date
        from pairs
        inner join
            loaded_days as report_days on pairs.report_source_id = report_days.source_id
        inner join
            loaded_days as event_days
            on pairs.event_source_id = event_days.source_id
            and report_days.measure = event_days.measure
            and report_days.calendar_date = event_days.calendar_date
        where report_days.measure in ('{{ measures | join("', '") }}')
    ),

    report_amounts as (
        {% for measure in measures %}
            select
                source_id,
                traffic_date,
                '{{ measure }}' as measure,
                cast({{ measure }} as decimal(38, 6)) as amount,
                {{ measure }} is null as is_unknown
            from reports
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    event_amounts as (
        {% for measure in measures %}
            select
                source_id,
                traffic_date,
                '{{ measure }}' as measure,
                cast({{ measure }} as decimal(38, 6)) as amount
            from event_traffic
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    -- A loaded day without a row is 0; one whose report lacks the measure tells
    -- nothing.
    final as (
        select
            shared_days.brand_id,
            shared_days.event_source_id as source_id,
            'ga4_events' as connector,
            'events' as stream,
            shared_days.measure || ' beside ' || shared_days.report_source_id as metric,
            months.period_start,
            months.period_end,
            {{ exact_sum("coalesce(report_amounts.amount, 0)") }} as source_total,
            {{ exact_sum("coalesce(event_amounts.amount, 0)") }} as warehouse_total
        from shared_days
        inner join brands on shared_days.brand_id = brands.brand_id
        inner join
            months
            on brands.calendar_key = months.calendar_key
            and shared_days.calendar_date = months.calendar_date
        left join
            report_amounts
            on shared_days.report_source_id = report_amounts.source_id
            and shared_days.measure = report_amounts.measure
            and shared_days.calendar_date = report_amounts.traffic_date
        left join
            event_amounts
            on shared_days.event_source_id = event_amounts.source_id
            and shared_days.measure = event_amounts.measure
            and shared_days.calendar_date = event_amounts.traffic_date
        where not coalesce(report_amounts.is_unknown, false)
        group by
            shared_days.brand_id,
            shared_days.event_source_id,
            shared_days.report_source_id,
            shared_days.measure,
            months.period_start,
            months.period_end
    )

select *
from final
