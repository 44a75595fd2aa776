with

    ga4 as (select * from {{ ref("stg_ga4__traffic") }}),

    other_tools as (select * from {{ ref("stg_web__traffic") }}),

    traffic as (
        {% for relation in ["ga4", "other_tools"] %}
            select
                brand_id,
                source_id,
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
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    mapping as (select * from {{ ref("channel_mapping") }}),

    final as (
        select
            traffic.brand_id,
            traffic.source_id,
            traffic.traffic_date,
            coalesce(
                by_group.channel_id, lower(traffic.channel_group), by_medium.channel_id
            ) as channel_id,
            traffic.source,
            traffic.medium,
            traffic.campaign,
            traffic.sessions,
            traffic.engaged_sessions,
            traffic.engagement_seconds,
            traffic.page_views,
            traffic.active_users,
            traffic.key_events,
            traffic.revenue,
            traffic.currency_code
        from traffic
        left join
            mapping as by_group
            on by_group.match_on = 'channel'
            and by_group.raw_value = {{ fold_text("traffic.channel_group") }}
        left join
            mapping as by_medium
            on by_medium.match_on = 'medium'
            and by_medium.raw_value = {{ fold_text("traffic.medium") }}
    )

select *
from final
