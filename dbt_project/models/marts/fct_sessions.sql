{{
    config(
        materialized=kept(),
        incremental_strategy="delete+insert",
        unique_key="session_key",
        on_schema_change="fail",
        pre_hook=[
            "{{ delete_changed_event_days('session_date') }}",
            "{{ rename_campaigns_of_sessions() }}",
        ],
    )
}}

with

    sessions as (select * from {{ ref("int_event_sessions") }}),

    campaign_names as (select * from {{ ref("int_campaign_names") }}),

    brands as (select * from {{ source("control", "brands") }}),

    {{ campaign_labels() }}

    final as (
        select
            sessions.brand_id,
            sessions.source_id,
            {{ customer_key("brands.customer_salt", "sessions.session_key") }}
            as session_key,
            {{
                customer_key(
                    "brands.customer_salt",
                    "'visitor:' || sessions.source_id || ':' || sessions.user_pseudo_id",
                )
            }}
            as visitor_key,
            sessions.user_id_hmac is not null as is_signed_in,
            sessions.session_date,
            sessions.started_at,
            sessions.ended_at,
            sessions.is_engaged,
            sessions.engagement_seconds,
            sessions.page_views,
            sessions.events,
            sessions.landing_page,
            sessions.channel_id,
            sessions.source_medium,
            campaign_labels.campaign_shown as campaign,
            sessions.click_id_name,
            sessions.device_category,
            sessions.country
        from sessions
        inner join brands on sessions.brand_id = brands.brand_id
        left join
            campaign_labels
            on sessions.brand_id = campaign_labels.brand_id
            and sessions.campaign = campaign_labels.campaign
        {% if is_incremental() %}
            cross join {{ source("control", "run") }} as runs
            where
                sessions.load_id > runs.built_through
                or (sessions.source_id, sessions.session_date)
                in ({{ changed_event_days() }})
        {% endif %}
    )

select *
from final
