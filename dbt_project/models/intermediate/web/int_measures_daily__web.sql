{%- set measures = [
    "sessions",
    "engaged_sessions",
    "engagement_seconds",
    "page_views",
] -%}
with

    events_per_day as (select * from {{ ref("stg_ga4__events") }}),

    event_measures as (select * from {{ ref("event_measures") }}),

    -- The total of a day that lacks a measure is unknown, not 0; so is a segment where
    -- the source tells the measure on other days.
    traffic as (
        select
            *,
            traffic_date as measure_date,
            {% for measure in measures %}
                case
                    when
                        segment_type = 'overall'
                        or count({{ measure }}) over (
                            partition by source_id, segment_type
                        )
                        > 0
                    then 1
                end as has_{{ measure }}{{ "," if not loop.last }}
            {% endfor %}
        from {{ ref("int_web_traffic_daily") }}
        where segment_type in ('overall', 'channel', 'device', 'campaign')
    ),

    events as (
        select
            events_per_day.brand_id,
            events_per_day.source_id,
            events_per_day.event_date as measure_date,
            event_measures.measure,
            'overall' as segment_type,
            'all' as segment,
            {{ exact_sum("events_per_day.event_count") }} as amount,
            cast(null as {{ dbt.type_string() }}) as currency_code
        from events_per_day
        inner join
            event_measures
            on lower(events_per_day.event_name) = event_measures.event_name
        where events_per_day.event_count is not null
        group by
            events_per_day.brand_id,
            events_per_day.source_id,
            events_per_day.event_date,
            event_measures.measure
    ),

    final as (
        {{
            measure_rows(
                "traffic",
                measures,
                existing={
                    "sessions": "has_sessions",
                    "engaged_sessions": "has_engaged_sessions",
                    "engagement_seconds": "has_engagement_seconds",
                    "page_views": "has_page_views",
                },
            )
        }}
        union all
        select *
        from events
    )

select *
from final
