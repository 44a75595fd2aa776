{%- set breakdowns = [
    ("queries", "query"),
    ("pages", "page"),
    ("countries", "country"),
    ("devices", "device"),
] -%}
with

    totals as (select * from {{ ref("stg_search_console__totals") }}),

    brand_split as (select * from {{ ref("stg_search_console__brand_split") }}),

    {% for relation, segment_type in breakdowns %}
        {{ relation }} as (select * from {{ ref("stg_search_console__" ~ relation) }}),
    {% endfor %}

    unioned as (
        select
            brand_id,
            source_id,
            search_date as period_start,
            {{ add_days("search_date", 1) }} as period_end,
            'overall' as segment_type,
            'all' as segment,
            clicks,
            impressions,
            position
        from totals
        union all
        select
            brand_id,
            source_id,
            search_date as period_start,
            {{ add_days("search_date", 1) }} as period_end,
            'brand' as segment_type,
            part as segment,
            clicks,
            impressions,
            position
        from brand_split
        {% for relation, segment_type in breakdowns %}
            union all
            select
                brand_id,
                source_id,
                period_start,
                period_end,
                '{{ segment_type }}' as segment_type,
                {{ segment_type }} as segment,
                clicks,
                impressions,
                position
            from {{ relation }}
        {% endfor %}
    ),

    -- Sites of one source come together here; positions weigh by impressions.
    final as (
        select
            brand_id,
            source_id,
            period_start,
            period_end,
            segment_type,
            segment,
            cast(sum(clicks) as bigint) as clicks,
            cast(sum(impressions) as bigint) as impressions,
            cast(
                sum(case when position is not null then impressions end) as bigint
            ) as positioned_impressions,
            {{ exact_sum("cast(position * impressions as decimal(28, 6))") }}
            as position_sum
        from unioned
        group by brand_id, source_id, period_start, period_end, segment_type, segment
    )

select *
from final
