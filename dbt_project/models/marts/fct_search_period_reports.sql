with

    performance as (
        select *
        from {{ ref("int_search_performance_segmented") }}
        where {{ days_between("period_start", "period_end") }} > 1
    ),

    final as (
        select
            brand_id,
            source_id,
            period_start,
            period_end,
            segment_type,
            segment,
            is_branded,
            clicks,
            impressions,
            positioned_impressions,
            {{ ratio("position_sum", "positioned_impressions") }} as average_position
        from performance
    )

select *
from final
