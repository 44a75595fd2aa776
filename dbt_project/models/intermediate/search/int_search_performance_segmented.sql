with

    performance as (select * from {{ ref("int_search_performance") }}),

    brand_queries as (select * from {{ ref("int_search_brand_queries") }}),

    term_brands as (
        select brand_id
        from {{ source("control", "search_terms") }}
        where not is_excluded
        group by brand_id
    ),

    totals as (select * from performance where segment_type = 'overall'),

    differences as (
        select
            totals.brand_id,
            totals.source_id,
            totals.period_start,
            totals.period_end,
            breakdowns.segment_type,
            max(totals.clicks) - cast(sum(breakdowns.clicks) as bigint) as clicks,
            max(totals.impressions)
            - cast(sum(breakdowns.impressions) as bigint) as impressions
        from totals
        inner join
            performance as breakdowns
            on totals.brand_id = breakdowns.brand_id
            and totals.source_id = breakdowns.source_id
            and totals.period_start = breakdowns.period_start
            and totals.period_end = breakdowns.period_end
            and breakdowns.segment_type <> 'overall'
        group by
            totals.brand_id,
            totals.source_id,
            totals.period_start,
            totals.period_end,
            breakdowns.segment_type
    ),

    final as (
        select
            performance.brand_id,
            performance.source_id,
            performance.period_start,
            performance.period_end,
            performance.segment_type,
            performance.segment,
            -- Without brand terms nobody knows which queries name the brand.
            case
                when
                    performance.segment_type = 'query'
                    and term_brands.brand_id is not null
                then brand_queries.is_branded
                when performance.segment_type = 'brand'
                then performance.segment = 'brand'
            end as is_branded,
            performance.clicks,
            performance.impressions,
            performance.positioned_impressions,
            performance.position_sum
        from performance
        left join
            brand_queries
            on performance.segment_type = 'query'
            and performance.brand_id = brand_queries.brand_id
            and performance.segment = brand_queries.query
        left join term_brands on performance.brand_id = term_brands.brand_id
        union all
        select
            brand_id,
            source_id,
            period_start,
            period_end,
            segment_type,
            -- What is missing of brand and non-brand is known to be withheld queries.
            case
                segment_type when 'brand' then '(anonymised)' else '(unreconciled)'
            end as segment,
            cast(null as boolean) as is_branded,
            clicks,
            impressions,
            cast(null as bigint) as positioned_impressions,
            cast(null as decimal(38, 6)) as position_sum
        from differences
        where clicks <> 0 or impressions <> 0
    )

select *
from final
