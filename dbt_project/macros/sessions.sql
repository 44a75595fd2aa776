{#- How a model whose rows stay is built by this target: engines other than DuckDB make it anew. -#}
{% macro kept() -%} {{ return(adapter.dispatch("kept", "sanjeh")()) }} {%- endmacro %}

{%- macro default__kept() -%} {{ return("table") }} {%- endmacro %}

{%- macro duckdb__kept() -%} {{ return("incremental") }} {%- endmacro %}

{#- Keys of sessions that were joined over a day of the work list, by what int_event_sessions holds; ends in a condition. -#}
{% macro held_sessions_of_changed_days() -%}
    select held.session_key
    from {{ this }} as held
    inner join
        {{ source("control", "changed_slices") }} as changed
        on held.source_id = changed.source_id
        and held.first_slice <= changed.slice
        and held.last_slice >= changed.slice
    where changed.connector = 'ga4_events' and changed.stream = 'events'
{%- endmacro %}

{#- Common table expressions touched_sessions and session_parts: the parts of all sessions that have one on a day of the work
list, or had one when they were joined last. Without such parts a session is as it was. -#}
{% macro parts_of_touched_sessions() %}
    touched_sessions as (
        select session_days.session_key
        from {{ ref("int_event_session_days") }} as session_days
        inner join
            {{ source("control", "changed_slices") }} as changed
            on session_days.source_id = changed.source_id
            and session_days.slice = changed.slice
        where changed.connector = 'ga4_events' and changed.stream = 'events'
        union
        {{ held_sessions_of_changed_days() }}
    ),

    session_parts as (
        select session_days.*
        from {{ ref("int_event_session_days") }} as session_days
        inner join
            touched_sessions on session_days.session_key = touched_sessions.session_key
    ),
{% endmacro %}

{#- Pre-hook of int_event_sessions: removes sessions of the work list's days that have no part any more. -#}
{% macro delete_vanished_sessions() %}
    {% if is_incremental() %}
        delete from {{ this }}
        where
            session_key in (
                {{ held_sessions_of_changed_days() }}
                and not exists (
                    select 1
                    from {{ ref("int_event_session_days") }} as session_days
                    where session_days.session_key = held.session_key
                )
            )
    {% else %} select 1
    {% endif %}
{% endmacro %}

{#- Columns of a joined session. -#}
{% macro session_columns() -%}
    {{
        return(
            [
                "brand_id",
                "source_id",
                "session_key",
                "user_pseudo_id",
                "ga_session_id",
                "first_slice",
                "last_slice",
                "user_id_hmac",
                "session_date",
                "started_at",
                "ended_at",
                "parts",
                "is_active",
                "is_engaged",
                "engagement_seconds",
                "page_views",
                "events",
                "landing_page",
                "device_category",
                "country",
                "table_kind",
                "names_click",
                "click_channel_group",
                "names_source",
                "named_click_id",
                "named_gclid",
            ]
        )
    }}
{%- endmacro %}

{#- A column of a session that has one part. -#}
{% macro session_of_one_part(column) -%}
    {%- set given = {
        "first_slice": "session_days.slice",
        "last_slice": "session_days.slice",
        "session_date": "session_days.event_date",
        "parts": "1",
        "engagement_seconds": "cast(session_days.engagement_seconds as decimal(38, 6))",
        "page_views": "cast(session_days.page_views as bigint)",
        "events": "cast(session_days.events as bigint)",
    } -%}
    {{ given.get(column, "session_days." ~ column) }}
{%- endmacro %}

{#- The session's last click as GA4 shows it, else the first event that names something. -#}
{% macro click_or_named(column) -%}
    case when names_click then click_{{ column }} else named_{{ column }} end
{%- endmacro %}

{#- Common table expression touched_days: source and day of what the traffic of a day is made of, as far as the work list
changed it. Beside its own days these are the other days of sessions that were joined anew since the last whole build (a
build that failed half-way is made up for), and days with a campaign whose name is another one now. -#}
{% macro touched_days() %}
    touched_days as (
        select changed.source_id, changed.changed_date as touched_date
        from ({{ changed_event_days() }}) as changed
        union
        select session_days.source_id, session_days.event_date as touched_date
        from {{ ref("int_event_session_days") }} as session_days
        inner join
            {{ ref("int_event_sessions") }} as sessions
            on session_days.session_key = sessions.session_key
        inner join
            {{ source("control", "run") }} as runs
            on sessions.load_id > runs.built_through
        union
        select held.source_id, held.traffic_date as touched_date
        from {{ this }} as held
        inner join
            {{ ref("int_campaign_names") }} as names
            on held.brand_id = names.brand_id
            and {{ normalise_campaign("held.segment") }} = names.campaign_match
        where held.segment_type = 'campaign' and held.segment <> names.campaign
    ),
{% endmacro %}

{#- Days of the work list: source_id, changed_date. -#}
{% macro changed_event_days() -%}
    select source_id, try_cast(slice as date) as changed_date
    from {{ source("control", "changed_slices") }}
    where connector = 'ga4_events' and stream = 'events'
{%- endmacro %}

{#- Pre-hook of models whose rows have source_id and a day: removes those of the work list's days, which are selected afresh;
some days may have nothing left. -#}
{% macro delete_changed_event_days(day) %}
    {% if is_incremental() %}
        delete from {{ this }}
        where (source_id, {{ day }}) in ({{ changed_event_days() }})
    {% else %} select 1
    {% endif %}
{% endmacro %}

{#- Common table expression campaign_labels: each campaign that a session names (brand_id, campaign) and how it is shown. There
are few, so that names are folded once and not for each session. -#}
{% macro campaign_labels() %}
    campaign_labels as (
        select
            named.brand_id,
            named.campaign,
            {{ campaign_shown("named.campaign") }} as campaign_shown
        from
            (
                select distinct brand_id, campaign
                from {{ ref("int_event_sessions") }}
                where campaign is not null
            ) as named {{ join_campaign_names("named", "named.campaign") }}
    ),
{% endmacro %}

{#- Pre-hook of fct_sessions: shows campaigns by the names that they have now. -#}
{% macro rename_campaigns_of_sessions() %}
    {% if is_incremental() %}
        {{ "update " ~ this ~ " as held set campaign = renamed.campaign" }}
        from
            (
                select shown.brand_id, shown.campaign as was, names.campaign
                from (select distinct brand_id, campaign from {{ this }}) as shown
                inner join
                    {{ ref("int_campaign_names") }} as names
                    on shown.brand_id = names.brand_id
                    and {{ normalise_campaign("shown.campaign") }}
                    = names.campaign_match
                where shown.campaign <> names.campaign
            ) as renamed
        where held.brand_id = renamed.brand_id and held.campaign = renamed.was
    {% else %} select 1
    {% endif %}
{% endmacro %}

{#- Pre-hook of int_event_users: removes periods of which no day is loaded any more. -#}
{% macro delete_users_of_unloaded_periods() %}
    {% if is_incremental() %}
        delete from {{ this }}
        where
            (source_id, grain, period_start) not in (
                select loaded.source_id, day_periods.grain, day_periods.period_start
                from {{ ref("int_measure_loaded_days") }} as loaded
                inner join
                    {{ ref("dim_brand") }} as brands
                    on loaded.brand_id = brands.brand_id
                inner join
                    {{ ref("int_day_periods") }} as day_periods
                    on brands.calendar_key = day_periods.calendar_key
                    and loaded.calendar_date = day_periods.calendar_date
                where loaded.measure = 'active_users'
            )
    {% else %} select 1
    {% endif %}
{% endmacro %}
