-- Totals of the property, and its named queries: of days that Google split by brand the
-- two parts, of the others the list of queries.
with

    days as (
        select
            *,
            bool_or(segment_type = 'brand') over (
                partition by source_id, search_date
            ) as is_split
        from {{ source("kpi", "fct_search_performance_daily") }}
    )

select
    brand_id,
    source_id,
    search_date as metric_date,
    impressions as search_impressions,
    clicks as search_clicks,
    null as named_query_impressions,
    null as branded_search_impressions
from days
where segment_type = 'overall'
union all
select
    brand_id,
    source_id,
    search_date as metric_date,
    null as search_impressions,
    null as search_clicks,
    impressions as named_query_impressions,
    case
        when is_branded then impressions when not is_branded then 0
    end as branded_search_impressions
from days
where
    segment_type = case when is_split then 'brand' else 'query' end
    and segment not in ('(unreconciled)', '(anonymised)')
