with

    counted as (select * from {{ ref("int_event_users") }}),

    source_counts as (
        select brand_id, count(distinct source_id) as source_count
        from counted
        group by brand_id
    ),

    -- Users of two properties can't be added: a brand with several has segments only.
    segments as (
        select
            brand_id,
            source_id,
            grain,
            period_start,
            'source' as segment_type,
            source_id as segment,
            active_users
        from counted
        union all
        select
            counted.brand_id,
            counted.source_id,
            counted.grain,
            counted.period_start,
            'overall' as segment_type,
            'all' as segment,
            counted.active_users
        from counted
        inner join
            source_counts
            on counted.brand_id = source_counts.brand_id
            and source_counts.source_count = 1
    ),

    final as (
        select
            brand_id,
            source_id,
            grain,
            period_start,
            'active_users' as measure,
            segment_type,
            segment,
            cast(active_users as decimal(38, 6)) as amount,
            cast(null as {{ dbt.type_string() }}) as currency_code,
            active_users as sample_size,
            false as is_immature,
            false as is_stale
        from segments
    )

select *
from final
