{{
    config(
        materialized=sliced(),
        meta={"stream": "ga4_events/events", "part_rows": 2000000},
        incremental_strategy="append",
        on_schema_change="fail",
        pre_hook="{{ delete_changed_slices(['ga4_events/events']) }}",
    )
}}

with

    {{ counted_events() }},

    -- An event's own tags: what was collected with it, else its parameters. Without
    -- both
    -- ids there is no session.
    told as (
        select
            *,
            {{ event_order() }} as happened,
            case when user_pseudo_id is not null then ga_session_id end as session_id,
            lower(event_name) in ('page_view', 'screen_view') as is_page_view,
            nullif(trim(session_source), '') as click_source,
            nullif(trim(session_medium), '') as click_medium,
            nullif(trim(session_campaign_name), '') as click_campaign,
            nullif(trim(session_default_channel_group), '') as click_channel_group,
            coalesce(
                {{ named_text("manual_source") }}, {{ named_text("source") }}
            ) as named_source,
            coalesce(
                {{ named_text("manual_medium") }}, {{ named_text("medium") }}
            ) as named_medium,
            coalesce(
                {{ named_text("manual_campaign_name") }}, {{ named_text("campaign") }}
            ) as named_campaign,
            case
                when nullif(trim(gclid), '') is not null
                then 'gclid'
                else {{ click_id_name("page_location") }}
            end as named_click_id
        from counted_events
    ),

    weighed as (
        select
            *,
            coalesce(click_source, click_medium, click_campaign, click_channel_group)
            is not null as names_click,
            coalesce(named_source, named_medium, named_click_id)
            is not null as names_source
        from told
    ),

    final as (
        select
            brand_id,
            source_id,
            slice,
            event_date,
            user_pseudo_id,
            session_id as ga_session_id,
            case
                when session_id is not null
                then {{ hash_key(["source_id", "user_pseudo_id", "session_id"]) }}
            end as session_key,
            max(property_id) as property_id,
            {{ first_text("user_id_hmac", "happened", "user_id_hmac is not null") }}
            as user_id_hmac,
            min(event_at) as started_at,
            max(event_at) as ended_at,
            bool_or(coalesce(is_session_engaged, false)) as is_engaged,
            bool_or(
                coalesce(is_active_user, coalesce(engagement_time_msec, 0) > 0)
            ) as is_active,
            cast(
                cast(sum(coalesce(engagement_time_msec, 0)) as decimal(15, 0))
                * cast(0.001 as decimal(4, 3)) as decimal(18, 6)
            ) as engagement_seconds,
            count(case when is_page_view then 1 end) as page_views,
            count(*) as events,
            {{ page_path(first_text("page_location", "happened", "is_page_view")) }}
            as landing_page,
            {{
                first_text(
                    "device_category", "happened", "device_category is not null"
                )
            }} as device_category,
            {{ first_text("country", "happened", "country is not null") }} as country,
            {{ first_text("table_kind", "happened") }} as table_kind,
            bool_or(names_click) as names_click,
            {% for column in ["source", "medium", "campaign", "channel_group"] %}
                {{ first_text("click_" ~ column, "happened", "names_click") }}
                as click_{{ column }},
            {% endfor %}
            bool_or(names_source) as names_source,
            {% for column in ["source", "medium", "campaign", "click_id"] %}
                {{ first_text("named_" ~ column, "happened", "names_source") }}
                as named_{{ column }},
            {% endfor %}
            {{ first_text("gclid", "happened", "names_source") }} as named_gclid
        from weighed
        group by brand_id, source_id, slice, event_date, user_pseudo_id, session_id
    )

select *
from final
