{{ config(materialized="table") }}
{%- set measures = [
    "sessions",
    "engaged_sessions",
    "engagement_seconds",
    "page_views",
    "key_events",
    "revenue",
] -%}
with

    totals as (select * from {{ ref("int_web_traffic_totals") }}),

    breakdowns as (select * from {{ ref("int_web_traffic_breakdowns") }}),

    breakdown_sums as (
        select
            brand_id,
            source_id,
            traffic_date,
            segment_type,
            cast(sum(sessions) as bigint) as sessions,
            cast(sum(engaged_sessions) as bigint) as engaged_sessions,
            {{ exact_sum("engagement_seconds") }} as engagement_seconds,
            cast(sum(page_views) as bigint) as page_views,
            {{ exact_sum("key_events") }} as key_events,
            {{ exact_sum("revenue") }} as revenue
        from breakdowns
        group by brand_id, source_id, traffic_date, segment_type
    ),

    -- Which breakdowns a source has, and which measures they tell.
    breakdowns_told as (
        select
            brand_id,
            source_id,
            segment_type,
            {% for measure in measures %}
                count({{ measure }})
                > 0 as tells_{{ measure }}{{ "," if not loop.last }}
            {% endfor %}
        from breakdown_sums
        group by brand_id, source_id, segment_type
    ),

    -- A day whose breakdown is missing altogether is unreconciled altogether, so that
    -- segments sum to the total in every period.
    differences as (
        select
            totals.brand_id,
            totals.source_id,
            totals.traffic_date,
            breakdowns_told.segment_type,
            {% for measure in measures %}
                case
                    when breakdowns_told.tells_{{ measure }}
                    then
                        totals.{{ measure }} - coalesce(breakdown_sums.{{ measure }}, 0)
                end as {{ measure }},
            {% endfor %}
            totals.currency_code
        from totals
        inner join
            breakdowns_told
            on totals.brand_id = breakdowns_told.brand_id
            and totals.source_id = breakdowns_told.source_id
        left join
            breakdown_sums
            on totals.brand_id = breakdown_sums.brand_id
            and totals.source_id = breakdown_sums.source_id
            and totals.traffic_date = breakdown_sums.traffic_date
            and breakdowns_told.segment_type = breakdown_sums.segment_type
    ),

    final as (
        select
            brand_id,
            source_id,
            traffic_date,
            'overall' as segment_type,
            'all' as segment,
            sessions,
            engaged_sessions,
            engagement_seconds,
            page_views,
            active_users,
            key_events,
            revenue,
            currency_code
        from totals
        union all
        select
            brand_id,
            source_id,
            traffic_date,
            segment_type,
            segment,
            sessions,
            engaged_sessions,
            engagement_seconds,
            page_views,
            active_users,
            key_events,
            revenue,
            currency_code
        from breakdowns
        union all
        select
            brand_id,
            source_id,
            traffic_date,
            segment_type,
            '(unreconciled)' as segment,
            sessions,
            engaged_sessions,
            engagement_seconds,
            page_views,
            cast(null as bigint) as active_users,
            key_events,
            revenue,
            currency_code
        from differences
        where
            {% for measure in measures %}
                coalesce({{ measure }}, 0) <> 0 {{ "or" if not loop.last }}
            {% endfor %}
    )

select *
from final
