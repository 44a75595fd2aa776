{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        on_schema_change="fail",
        pre_hook="{{ delete_changed_slices(['ga4/traffic', 'plausible/traffic', 'web/traffic']) }}",
    )
}}

-- A row's channel follows from the row and the seeds, so that days which did not land
-- anew
-- keep theirs; other seeds make the build file anew.
with

    ga4 as (select * from {{ ref("stg_ga4__traffic") }}),

    plausible as (select * from {{ ref("stg_plausible__traffic") }}),

    other_tools as (select * from {{ ref("stg_web__traffic") }}),

    traffic as (
        {% for relation, connector in [
            ("ga4", "ga4"),
            ("plausible", "plausible"),
            ("other_tools", "web"),
        ] %}
            select
                brand_id,
                source_id,
                slice,
                traffic_date,
                nullif(trim(channel_group), '') as channel_group,
                nullif(trim(source), '') as source,
                nullif(trim(medium), '') as medium,
                nullif(trim(campaign), '') as campaign,
                sessions,
                engaged_sessions,
                engagement_seconds,
                page_views,
                active_users,
                key_events,
                revenue,
                currency_code
            from {{ relation }}
            {% if is_incremental() %}
                where {{ changed_slices_condition(connector, "traffic") }}
            {% endif %}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    mapping as (select * from {{ ref("channel_mapping") }} where match_on = 'channel'),

    utm_synonyms as (select * from {{ ref("utm_synonyms") }}),

    source_categories as (select * from {{ ref("source_categories") }}),

    click_ids as (select * from {{ ref("click_ids") }}),

    {{ default_channels("traffic", "placed") }},

    final as (
        select
            placed.brand_id,
            placed.source_id,
            placed.slice,
            placed.traffic_date,
            coalesce(
                mapping.channel_id,
                lower(placed.channel_group),
                -- A tool that tells no origins has no channels, not only direct ones.
                case
                    when placed.source is not null or placed.medium is not null
                    then placed.default_channel_id
                end
            ) as channel_id,
            placed.default_source as source,
            placed.default_medium as medium,
            placed.campaign,
            placed.sessions,
            placed.engaged_sessions,
            placed.engagement_seconds,
            placed.page_views,
            placed.active_users,
            placed.key_events,
            placed.revenue,
            placed.currency_code
        from placed
        left join mapping on mapping.raw_value = {{ fold_text("placed.channel_group") }}
    )

select *
from final
