with

    days as (
        select *, period_start as measure_date
        from {{ ref("int_search_performance_segmented") }}
        where {{ days_between("period_start", "period_end") }} = 1
    ),

    totals as (
        select
            brand_id,
            source_id,
            measure_date,
            segment_type,
            segment,
            impressions as search_impressions,
            clicks as search_clicks
        from days
        where segment_type in ('overall', 'country', 'device')
    ),

    named_queries as (
        select
            brand_id,
            source_id,
            measure_date,
            'overall' as segment_type,
            'all' as segment,
            sum(impressions) as named_query_impressions,
            -- Null, not 0, where the brand has no terms.
            sum(
                case when is_branded then impressions when not is_branded then 0 end
            ) as branded_search_impressions
        from days
        where segment_type = 'query' and segment <> '(unreconciled)'
        group by brand_id, source_id, measure_date
    ),

    final as (
        {{ measure_rows("totals", ["search_impressions", "search_clicks"]) }}
        union all
        {{
            measure_rows(
                "named_queries",
                ["named_query_impressions", "branded_search_impressions"],
                existing={"branded_search_impressions": "named_query_impressions"},
            )
        }}
    )

select *
from final
