{%- set measures = {
    "sessions": "bigint",
    "engaged_sessions": "bigint",
    "engagement_seconds": "decimal(38, 6)",
    "page_views": "bigint",
    "key_events": "decimal(38, 6)",
    "revenue": "decimal(38, 6)",
} -%}
with

    ga4_totals as (select * from {{ ref("stg_ga4__totals") }}),

    plausible_totals as (select * from {{ ref("stg_plausible__totals") }}),

    traffic as (select * from {{ ref("int_web_traffic_unioned") }}),

    devices as (select * from {{ ref("stg_ga4__devices") }}),

    sums as (
        {% for relation, preference in [
            ("ga4_totals", 1),
            ("plausible_totals", 1),
            ("traffic", 2),
            ("devices", 3),
        ] %}
            select
                brand_id,
                source_id,
                traffic_date,
                {{ preference }} as preference,
                {% for measure, type in measures.items() %}
                    cast(sum({{ measure }}) as {{ type }}) as {{ measure }},
                {% endfor %}
                max(currency_code) as currency_code,
                case when count(*) = 1 then max(active_users) end as active_users
            from {{ relation }}
            group by brand_id, source_id, traffic_date
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    -- Measure by measure, the vendor's own total goes before a sum of one of its
    -- breakdowns.
    final as (
        select
            brand_id,
            source_id,
            traffic_date,
            {% for measure in measures %}
                coalesce(
                    max(case when preference = 1 then {{ measure }} end),
                    max(case when preference = 2 then {{ measure }} end),
                    max(case when preference = 3 then {{ measure }} end)
                ) as {{ measure }},
            {% endfor %}
            max(case when preference = 1 then active_users end) as active_users,
            max(currency_code) as currency_code
        from sums
        group by brand_id, source_id, traffic_date
    )

select *
from final
