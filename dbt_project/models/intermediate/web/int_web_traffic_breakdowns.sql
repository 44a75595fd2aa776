{%- set measures = [
    "sessions",
    "engaged_sessions",
    "engagement_seconds",
    "page_views",
    "active_users",
    "key_events",
    "revenue",
] -%}
{%- set breakdowns = [
    ("traffic", "channel", "channel_id", measures),
    (
        "traffic",
        "source_medium",
        "case when source is not null or medium is not null then coalesce(source, '(not set)') || ' / ' || coalesce(medium, '(not set)') end",
        measures,
    ),
    ("traffic", "campaign", "campaign_shown", measures),
    ("devices", "device", "lower(device)", measures),
    (
        "pages",
        "page",
        "page_path",
        ["engagement_seconds", "page_views", "active_users"],
    ),
    (
        "plausible_pages",
        "page",
        "page_path",
        ["page_views", "active_users"],
    ),
    (
        "landing_pages",
        "landing_page",
        "landing_page",
        ["sessions", "engaged_sessions", "key_events"],
    ),
] -%}
{%- set types = {
    "engagement_seconds": "decimal(18, 6)",
    "key_events": "decimal(18, 6)",
    "revenue": "decimal(18, 6)",
} -%}
with

    unioned as (select * from {{ ref("int_web_traffic_unioned") }}),

    campaign_names as (select * from {{ ref("int_campaign_names") }}),

    traffic as (
        select unioned.*, {{ campaign_shown("unioned.campaign") }} as campaign_shown
        from unioned {{ join_campaign_names("unioned", "unioned.campaign") }}
    ),

    devices as (select * from {{ ref("stg_ga4__devices") }}),

    pages as (select * from {{ ref("stg_ga4__pages") }}),

    plausible_pages as (select * from {{ ref("stg_plausible__pages") }}),

    landing_pages as (select * from {{ ref("stg_ga4__landing_pages") }}),

    rows_by_segment as (
        {% for relation, segment_type, segment, known in breakdowns %}
            select
                brand_id,
                source_id,
                traffic_date,
                '{{ segment_type }}' as segment_type,
                nullif(trim({{ segment }}), '') as segment,
                {% for measure in measures %}
                    cast(
                        {{ measure if measure in known else "null" }}
                        as {{ types.get(measure, "bigint") }}
                    ) as {{ measure }},
                {% endfor %}
                {{
                    (
                        "currency_code"
                        if "revenue" in known
                        else "cast(null as " ~ dbt.type_string() ~ ")"
                    )
                }} as currency_code
            from {{ relation }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    -- A tool that doesn't break its days down by a dimension has no segments of it,
    -- not one named (not set).
    broken_down as (
        select brand_id, source_id, traffic_date, segment_type
        from rows_by_segment
        where segment is not null
        group by brand_id, source_id, traffic_date, segment_type
    ),

    final as (
        select
            rows_by_segment.brand_id,
            rows_by_segment.source_id,
            rows_by_segment.traffic_date,
            rows_by_segment.segment_type,
            coalesce(rows_by_segment.segment, '(not set)') as segment,
            cast(sum(sessions) as bigint) as sessions,
            cast(sum(engaged_sessions) as bigint) as engaged_sessions,
            {{ exact_sum("engagement_seconds") }} as engagement_seconds,
            cast(sum(page_views) as bigint) as page_views,
            -- People are never summed: known only where one row is the segment.
            case when count(*) = 1 then max(active_users) end as active_users,
            {{ exact_sum("key_events") }} as key_events,
            {{ exact_sum("revenue") }} as revenue,
            max(currency_code) as currency_code
        from rows_by_segment
        inner join
            broken_down
            on rows_by_segment.brand_id = broken_down.brand_id
            and rows_by_segment.source_id = broken_down.source_id
            and rows_by_segment.traffic_date = broken_down.traffic_date
            and rows_by_segment.segment_type = broken_down.segment_type
        group by
            rows_by_segment.brand_id,
            rows_by_segment.source_id,
            rows_by_segment.traffic_date,
            rows_by_segment.segment_type,
            coalesce(rows_by_segment.segment, '(not set)')
    )

select *
from final
