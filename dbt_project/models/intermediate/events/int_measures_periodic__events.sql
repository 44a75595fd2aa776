with

    session_days as (
        select *
        from {{ ref("int_event_session_days") }}
        where is_active and user_pseudo_id is not null
    ),

    source_streams as (
        select *
        from {{ source("control", "source_streams") }}
        where connector = 'ga4_events'
    ),

    loaded_days as (
        select measure_days.brand_id, measure_days.source_id, measure_days.calendar_date
        from {{ ref("int_measure_loaded_days") }} as measure_days
        inner join source_streams on measure_days.source_id = source_streams.source_id
        where measure_days.measure = 'active_users'
    ),

    brands as (select * from {{ ref("dim_brand") }}),

    day_periods as (select * from {{ ref("int_day_periods") }}),

    active_days as (
        select distinct source_id, event_date, user_pseudo_id from session_days
    ),

    -- A period with a loaded day and nobody active has 0 users.
    counted as (
        select
            loaded_days.brand_id,
            loaded_days.source_id,
            day_periods.grain,
            day_periods.period_start,
            count(distinct active_days.user_pseudo_id) as active_users
        from loaded_days
        inner join brands on loaded_days.brand_id = brands.brand_id
        inner join
            day_periods
            on brands.calendar_key = day_periods.calendar_key
            and loaded_days.calendar_date = day_periods.calendar_date
        left join
            active_days
            on loaded_days.source_id = active_days.source_id
            and loaded_days.calendar_date = active_days.event_date
        group by
            loaded_days.brand_id,
            loaded_days.source_id,
            day_periods.grain,
            day_periods.period_start
    ),

    source_counts as (
        select brand_id, count(distinct source_id) as source_count
        from loaded_days
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
