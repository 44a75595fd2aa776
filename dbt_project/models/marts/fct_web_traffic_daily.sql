with

    reports as (select * from {{ ref("int_web_traffic_daily") }}),

    event_traffic as (select * from {{ ref("int_event_traffic_daily") }}),

    measure_sources as (
        select * from {{ ref("int_measure_sources") }} where measure = 'sessions'
    ),

    -- Exported events stand here where nothing better measures the brand's sessions.
    final as (
        select
            brand_id,
            source_id,
            traffic_date,
            segment_type,
            segment,
            sessions,
            engaged_sessions,
            engagement_seconds,
            page_views,
            active_users,
            key_events,
            revenue,
            currency_code
        from reports
        union all
        select
            event_traffic.brand_id,
            event_traffic.source_id,
            event_traffic.traffic_date,
            event_traffic.segment_type,
            event_traffic.segment,
            event_traffic.sessions,
            event_traffic.engaged_sessions,
            event_traffic.engagement_seconds,
            event_traffic.page_views,
            event_traffic.active_users,
            cast(null as decimal(38, 6)) as key_events,
            cast(null as decimal(38, 6)) as revenue,
            cast(null as {{ dbt.type_string() }}) as currency_code
        from event_traffic
        inner join
            measure_sources
            on event_traffic.brand_id = measure_sources.brand_id
            and event_traffic.source_id = measure_sources.source_id
    )

select *
from final
