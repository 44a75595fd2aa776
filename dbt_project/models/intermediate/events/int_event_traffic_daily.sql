{{
    config(
        materialized=kept(),
        incremental_strategy="delete+insert",
        unique_key=["source_id", "traffic_date"],
        on_schema_change="fail",
        pre_hook="{{ delete_changed_event_days('traffic_date') }}",
    )
}}
{%- set segment_columns = {
    "overall": "'all'",
    "channel": "channel_id",
    "source_medium": "source_medium",
    "campaign": "campaign_shown",
    "device": "lower(device_category)",
    "landing_page": "landing_page",
} -%}
{%- set attributes = [
    "channel_id",
    "source_medium",
    "campaign_shown",
    "device_category",
    "landing_page",
] -%}
with

    campaign_names as (select * from {{ ref("int_campaign_names") }}),

    {{ campaign_labels() }}

    {% if is_incremental() %} {{ touched_days() }} {% endif %}

    session_days as (
        select *
        from {{ ref("int_event_session_days") }}
        {% if is_incremental() %}
            where
                (source_id, event_date)
                in (select source_id, touched_date from touched_days)
        {% endif %}
    ),

    sessions as (
        select all_sessions.*, campaign_labels.campaign_shown
        from {{ ref("int_event_sessions") }} as all_sessions
        left join
            campaign_labels
            on all_sessions.brand_id = campaign_labels.brand_id
            and all_sessions.campaign = campaign_labels.campaign
    ),

    -- Sessions count on their first day; views and seconds on the day they happen, with
    -- the segments of their session.
    activity as (
        select
            brand_id,
            source_id,
            session_date as traffic_date,
            {% for column in attributes %} {{ column }}, {% endfor %}
            1 as sessions,
            case when is_engaged then 1 else 0 end as engaged_sessions,
            cast(0 as decimal(18, 6)) as engagement_seconds,
            0 as page_views,
            cast(null as {{ dbt.type_string() }}) as active_user
        from sessions
        {% if is_incremental() %}
            where
                (source_id, session_date)
                in (select source_id, touched_date from touched_days)
        {% endif %}
        union all
        select
            session_days.brand_id,
            session_days.source_id,
            session_days.event_date as traffic_date,
            {% for column in attributes %} sessions.{{ column }}, {% endfor %}
            0 as sessions,
            0 as engaged_sessions,
            session_days.engagement_seconds,
            session_days.page_views,
            case
                when session_days.is_active then session_days.user_pseudo_id
            end as active_user
        from session_days
        left join sessions on session_days.session_key = sessions.session_key
    ),

    final as (
        {% for segment_type, segment in segment_columns.items() %}
            select
                brand_id,
                source_id,
                traffic_date,
                '{{ segment_type }}' as segment_type,
                coalesce(nullif({{ segment }}, ''), '(not set)') as segment,
                cast(sum(sessions) as bigint) as sessions,
                cast(sum(engaged_sessions) as bigint) as engaged_sessions,
                {{ exact_sum("engagement_seconds") }} as engagement_seconds,
                cast(sum(page_views) as bigint) as page_views,
                count(distinct active_user) as active_users
            from activity
            group by
                brand_id,
                source_id,
                traffic_date,
                coalesce(nullif({{ segment }}, ''), '(not set)')
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    )

select *
from final
