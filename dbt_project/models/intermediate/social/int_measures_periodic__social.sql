with

    accounts as (select * from {{ ref("int_social_followers_by_period") }}),

    measured as (
        select
            brand_id,
            source_id,
            platform,
            grain,
            period_start,
            newest_date,
            'followers' as measure,
            followers_at_end as amount
        from accounts
        union all
        select
            brand_id,
            source_id,
            platform,
            grain,
            period_start,
            newest_date,
            'net_new_followers' as measure,
            followers_at_end - followers_at_start as amount
        from accounts
    ),

    by_segment as (
        select *, 'overall' as segment_type, 'all' as segment
        from measured
        union all
        select *, 'source' as segment_type, source_id as segment
        from measured
        union all
        select *, 'platform' as segment_type, platform as segment
        from measured
    ),

    -- One account without a fresh count makes the sum unknown; no account with a
    -- count, and there is no row.
    final as (
        select
            brand_id,
            case
                when count(distinct source_id) = 1 then max(source_id)
            end as source_id,
            grain,
            period_start,
            measure,
            segment_type,
            segment,
            cast(
                case when count(*) = count(amount) then sum(amount) end as decimal(
                    38, 6
                )
            ) as amount,
            cast(null as {{ dbt.type_string() }}) as currency_code,
            cast(count(amount) as bigint) as sample_size,
            false as is_immature,
            count(*) > count(amount) as is_stale
        from by_segment
        group by brand_id, grain, period_start, measure, segment_type, segment
        having count(newest_date) > 0
    )

select *
from final
