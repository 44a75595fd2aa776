{%- set measures = [
    "sessions",
    "engaged_sessions",
    "engagement_seconds",
    "page_views",
] -%}
with

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
            brand_id,
            source_id,
            event_date as measure_date,
            'overall' as segment_type,
            'all' as segment,
            sum(
                case when lower(event_name) = 'share' then event_count end
            ) as site_shares,
            sum(
                case when lower(event_name) = 'sign_up' then event_count end
            ) as ga4_sign_ups
        from {{ ref("stg_ga4__events") }}
        group by brand_id, source_id, event_date
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
        {{ measure_rows("events", ["site_shares", "ga4_sign_ups"]) }}
    )

select *
from final
