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
{%- set click_columns = ["source", "medium", "campaign", "channel_group"] -%}
{%- set named_columns = ["source", "medium", "campaign", "click_id", "gclid"] -%}
{%- set origin_columns = [
    "source",
    "medium",
    "campaign",
    "named_click_id",
    "names_click",
    "click_channel_group",
    "table_kind",
] -%}
{{
    config(
        materialized=kept(),
        incremental_strategy="delete+insert",
        unique_key="session_key",
        on_schema_change="fail",
        pre_hook="{{ delete_vanished_sessions() }}",
    )
}}

with

    runs as (select * from {{ source("control", "run") }}),

    {%- set session_parts = ref("int_event_session_days") %}
    {% if is_incremental() %}
        {{ parts_of_touched_sessions() }} {%- set session_parts = "session_parts" %}
    {% endif %}

    -- A session that crosses midnight has a part on each of its days; few do, so that
    -- the others are taken as they are. Strangers with one hash are joined by key.
    joinable as (
        select {{ row_hash(["session_key"]) }} as session_hash
        from {{ session_parts }}
        where session_key is not null
        group by {{ row_hash(["session_key"]) }}
        having count(*) > 1
    ),

    parts as (
        select
            session_days.*,
            row_number() over (
                partition by session_days.session_key
                order by
                    session_days.started_at asc nulls last,
                    session_days.slice asc nulls last
            ) as part_number
        from {{ session_parts }} as session_days
        inner join
            joinable
            on {{ row_hash(["session_days.session_key"]) }} = joinable.session_hash
        where session_days.session_key is not null
    ),

    joined_parts as (
        select
            brand_id,
            source_id,
            session_key,
            user_pseudo_id,
            ga_session_id,
            min(slice) as first_slice,
            max(slice) as last_slice,
            {{ first_text("user_id_hmac", "part_number", "user_id_hmac is not null") }}
            as user_id_hmac,
            min(event_date) as session_date,
            min(started_at) as started_at,
            max(ended_at) as ended_at,
            cast(count(*) as integer) as parts,
            bool_or(is_active) as is_active,
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
            {% for column in click_columns %}
                {{ first_text("click_" ~ column, "part_number", "names_click") }}
                as click_{{ column }},
            {% endfor %}
            bool_or(names_source) as names_source,
            {% for column in named_columns %}
                {{ first_text("named_" ~ column, "part_number", "names_source") }}
                as named_{{ column }}{{ "," if not loop.last }}
            {% endfor %}
        from parts
        group by brand_id, source_id, session_key, user_pseudo_id, ga_session_id
    ),

    {% for relation, channeled_columns in {
        "joined": "*",
        "origins": "distinct " ~ origin_columns | join(", "),
    }.items() %}
        {{ relation }} as (
            select {{ channeled_columns }}
            from
                (
                    select
                        {% for column in session_columns() %} {{ column }}, {% endfor %}
                        {{ click_or_named("source") }} as source,
                        {{ click_or_named("medium") }} as medium,
                        {{ click_or_named("campaign") }} as campaign
                    from joined_parts
                    union all
                    select
                        {% for column in session_columns() %}
                            {{ session_of_one_part(column) }} as {{ column }},
                        {% endfor %}
                        {{ click_or_named("source") }} as source,
                        {{ click_or_named("medium") }} as medium,
                        {{ click_or_named("campaign") }} as campaign
                    from {{ session_parts }} as session_days
                    left join
                        joinable
                        on {{ row_hash(["session_days.session_key"]) }}
                        = joinable.session_hash
                    where
                        session_days.session_key is not null
                        and joinable.session_hash is null
                ) as sessions
        ),
    {% endfor %}

    mapping as (select * from {{ ref("channel_mapping") }} where match_on = 'channel'),

    utm_synonyms as (select * from {{ ref("utm_synonyms") }}),

    source_categories as (select * from {{ ref("source_categories") }}),

    click_ids as (select * from {{ ref("click_ids") }}),

    {{ default_channels("origins", "channeled", click_ids=click_ids) }},

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
            joined.brand_id,
            joined.source_id,
            joined.session_key,
            joined.user_pseudo_id,
            joined.user_id_hmac,
            joined.ga_session_id,
            joined.session_date,
            joined.started_at,
            joined.ended_at,
            joined.parts,
            joined.is_active,
            joined.is_engaged,
            joined.engagement_seconds,
            joined.page_views,
            joined.events,
            joined.landing_page,
            placed.default_source as source,
            placed.default_medium as medium,
            joined.campaign,
            joined.named_gclid as gclid,
            joined.named_click_id as click_id_name,
            placed.channel_id,
            case
                when not placed.default_names_origin and placed.channel_id <> 'direct'
                then '(not set)'
                else placed.default_source_medium
            end as source_medium,
            joined.device_category,
            joined.country,
            joined.first_slice,
            joined.last_slice,
            runs.load_id
        from joined
        cross join runs
        inner join
            placed
            on {% for column in origin_columns %}
                joined.{{ column }} is not distinct from placed.{{ column }}
                {{ "and" if not loop.last }}
            {% endfor %}
    )

select *
from final
