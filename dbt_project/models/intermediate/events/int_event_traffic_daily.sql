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
    "channel": "activity.channel_id",
    "source_medium": "activity.source_medium",
    "campaign": "campaign_labels.campaign_shown",
    "device": "lower(activity.device_category)",
    "landing_page": "activity.landing_page",
} -%}
{%- set attributes = [
    "channel_id",
    "source_medium",
    "campaign",
    "device_category",
    "landing_page",
] -%}
{%- set user_day = ["source_id", "event_date", "user_pseudo_id"] -%}
with

    campaign_names as (select * from {{ ref("int_campaign_names") }}),

    {{ campaign_labels() }}

    {%- set sessions = ref("int_event_sessions") %}
    {%- set session_days = ref("int_event_session_days") %}
    {% if is_incremental() %}
        {{ touched_days() }}

        sessions_of_touched_days as (
            select *
            from {{ sessions }}
            where
                (source_id, session_date)
                in (select source_id, touched_date from touched_days)
        ),

        touched_session_days as (
            select *
            from {{ session_days }}
            where
                (source_id, event_date)
                in (select source_id, touched_date from touched_days)
        ),
        {%- set sessions = "sessions_of_touched_days" %}
        {%- set session_days = "touched_session_days" %}
    {% endif %}

    sessions_of_parts as (
        select * from {{ ref("int_event_sessions") }} where parts > 1
    ),

    -- Who has one part on a day is counted by adding up, few others by name: a set of
    -- names for each cell of a large day wouldn't fit into memory. Strangers with one
    -- hash are counted by name.
    returning_users as (
        select {{ row_hash(user_day) }} as user_hash
        from {{ session_days }}
        where is_active and user_pseudo_id is not null
        group by {{ row_hash(user_day) }}
        having count(*) > 1
    ),

    -- Sessions count on their first day; views and seconds on the day they happen, with
    -- the segments of their session. Once for each segment, so that none waits in
    -- memory.
    {% for segment_type in segment_columns %}
        activity_by_{{ segment_type }} as (
            select
                brand_id,
                source_id,
                session_date as event_date,
                {% for column in attributes %} {{ column }}, {% endfor %}
                1 as sessions,
                case when is_engaged then 1 else 0 end as engaged_sessions,
                case
                    when parts = 1 then engagement_seconds else 0
                end as engagement_seconds,
                case when parts = 1 then page_views else 0 end as page_views,
                case
                    when parts = 1 and is_active then user_pseudo_id
                end as user_pseudo_id
            from {{ sessions }}
            union all
            select
                session_days.brand_id,
                session_days.source_id,
                session_days.event_date,
                {% for column in attributes %} joined.{{ column }}, {% endfor %}
                0 as sessions,
                0 as engaged_sessions,
                session_days.engagement_seconds,
                session_days.page_views,
                case
                    when session_days.is_active then session_days.user_pseudo_id
                end as user_pseudo_id
            from {{ session_days }} as session_days
            left join
                sessions_of_parts as joined
                on session_days.session_key = joined.session_key
            where session_days.session_key is null or joined.session_key is not null
        ),
    {% endfor %}

    final as (
        {% for segment_type, segment in segment_columns.items() %}
            select
                activity.brand_id,
                activity.source_id,
                activity.event_date as traffic_date,
                '{{ segment_type }}' as segment_type,
                coalesce(nullif({{ segment }}, ''), '(not set)') as segment,
                cast(sum(activity.sessions) as bigint) as sessions,
                cast(sum(activity.engaged_sessions) as bigint) as engaged_sessions,
                {{ exact_sum("activity.engagement_seconds") }} as engagement_seconds,
                cast(sum(activity.page_views) as bigint) as page_views,
                count(
                    case
                        when returning_users.user_hash is null
                        then activity.user_pseudo_id
                    end
                ) + count(
                    distinct case
                        when returning_users.user_hash is not null
                        then activity.user_pseudo_id
                    end
                ) as active_users
            from activity_by_{{ segment_type }} as activity
            left join
                returning_users
                on {{
                    row_hash(
                        [
                            "activity.source_id",
                            "activity.event_date",
                            "activity.user_pseudo_id",
                        ]
                    )
                }} = returning_users.user_hash
            {% if segment_type == "campaign" %}
                left join
                    campaign_labels
                    on activity.brand_id = campaign_labels.brand_id
                    and activity.campaign = campaign_labels.campaign
            {% endif %}
            group by
                activity.brand_id,
                activity.source_id,
                activity.event_date,
                coalesce(nullif({{ segment }}, ''), '(not set)')
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    )

select *
from final
