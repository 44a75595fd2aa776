{#- Click ids of the seed click_ids that an event may come with; its name is all that the channel asks for. -#}
{%- set click_ids = {} -%}
{%- for click_id in click_id_names() -%}
    {%- do click_ids.update(
        {
            click_id: "case when named_click_id = '"
            ~ click_id
            ~ "' and not names_click then '"
            ~ click_id
            ~ "' end"
        }
    ) -%}
{%- endfor -%}
{{ config(materialized="table") }}

with

    session_days as (
        select * from {{ ref("int_event_session_days") }} where session_key is not null
    ),

    -- A session that crosses midnight has a part on each of its days.
    parts as (
        select
            *,
            row_number() over (
                partition by session_key
                order by started_at asc nulls last, slice asc nulls last
            ) as part_number
        from session_days
    ),

    joined as (
        select
            brand_id,
            source_id,
            session_key,
            user_pseudo_id,
            ga_session_id,
            {{ first_text("user_id_hmac", "part_number", "user_id_hmac is not null") }}
            as user_id_hmac,
            min(event_date) as session_date,
            min(started_at) as started_at,
            max(ended_at) as ended_at,
            bool_or(is_engaged) as is_engaged,
            {{ exact_sum("engagement_seconds") }} as engagement_seconds,
            cast(sum(page_views) as bigint) as page_views,
            cast(sum(events) as bigint) as events,
            {{ first_text("landing_page", "part_number", "landing_page is not null") }}
            as landing_page,
            {{
                first_text(
                    "device_category", "part_number", "device_category is not null"
                )
            }} as device_category,
            {{ first_text("country", "part_number", "country is not null") }}
            as country,
            max(case when part_number = 1 then table_kind end) as table_kind,
            bool_or(names_click) as names_click,
            {% for column in ["source", "medium", "campaign", "channel_group"] %}
                {{ first_text("click_" ~ column, "part_number", "names_click") }}
                as click_{{ column }},
            {% endfor %}
            bool_or(names_source) as names_source,
            {% for column in ["source", "medium", "campaign", "click_id", "gclid"] %}
                {{ first_text("named_" ~ column, "part_number", "names_source") }}
                as named_{{ column }}{{ "," if not loop.last }}
            {% endfor %}
        from parts
        group by brand_id, source_id, session_key, user_pseudo_id, ga_session_id
    ),

    -- The session's last click as GA4 shows it, else the first event that names
    -- something.
    sourced as (
        select
            *,
            case when names_click then click_source else named_source end as source,
            case when names_click then click_medium else named_medium end as medium,
            case
                when names_click then click_campaign else named_campaign
            end as campaign
        from joined
    ),

    mapping as (select * from {{ ref("channel_mapping") }} where match_on = 'channel'),

    utm_synonyms as (select * from {{ ref("utm_synonyms") }}),

    source_categories as (select * from {{ ref("source_categories") }}),

    click_ids as (select * from {{ ref("click_ids") }}),

    {{ default_channels("sourced", "channeled", click_ids=click_ids) }},

    -- An intraday table has no last click yet: who names nothing there isn't direct.
    placed as (
        select
            channeled.*,
            case
                when channeled.click_channel_group is not null
                then coalesce(by_group.channel_id, lower(channeled.click_channel_group))
                when
                    not channeled.default_names_origin
                    and channeled.table_kind = 'intraday'
                then 'unassigned'
                else channeled.default_channel_id
            end as channel_id
        from channeled
        left join
            mapping as by_group
            on by_group.raw_value = {{ fold_text("channeled.click_channel_group") }}
    ),

    final as (
        select
            brand_id,
            source_id,
            session_key,
            user_pseudo_id,
            user_id_hmac,
            ga_session_id,
            session_date,
            started_at,
            ended_at,
            is_engaged,
            engagement_seconds,
            page_views,
            events,
            landing_page,
            default_source as source,
            default_medium as medium,
            campaign,
            named_gclid as gclid,
            named_click_id as click_id_name,
            channel_id,
            case
                when not default_names_origin and channel_id <> 'direct'
                then '(not set)'
                else default_source_medium
            end as source_medium,
            device_category,
            country
        from placed
    )

select *
from final
