with

    traffic as (select * from {{ ref("int_web_traffic_daily") }}),

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
        from traffic
    )

select *
from final
