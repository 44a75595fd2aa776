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
        where segment_type in ('overall', 'country', 'device', 'brand')
    ),

    -- Where Google split a day itself, queries that are too rare for its list of
    -- queries
    -- are in; the list serves the other days.
    split_days as (
        select distinct source_id, measure_date from days where segment_type = 'brand'
    ),

    named as (
        select days.*
        from days
        left join
            split_days
            on days.source_id = split_days.source_id
            and days.measure_date = split_days.measure_date
        where
            days.segment not in ('(unreconciled)', '(anonymised)')
            and days.segment_type
            = case when split_days.source_id is null then 'query' else 'brand' end
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
        from named
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
