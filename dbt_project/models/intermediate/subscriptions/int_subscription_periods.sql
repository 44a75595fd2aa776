{{ config(materialized="table") }}

with

    snapshots as (select * from {{ ref("int_subscription_snapshots") }}),

    settings as (select * from {{ source("control", "sources") }}),

    brands as (select * from {{ ref("dim_brand") }}),

    days as (select * from {{ ref("int_days") }}),

    periods as (select * from {{ ref("dim_period") }}),

    reaches as (
        select
            snapshots.brand_id,
            snapshots.source_id,
            min(snapshots.snapshot_date) as first_day,
            max(brands.as_of_date) as as_of_date,
            max(brands.calendar_key) as calendar_key,
            -- A source that was expected until a day and no longer has no months to
            -- miss after it.
            least(
                max(brands.as_of_date),
                coalesce(max(settings.expect_until), max(brands.as_of_date))
            ) as last_day
        from snapshots
        inner join brands on snapshots.brand_id = brands.brand_id
        left join settings on snapshots.source_id = settings.source_id
        group by snapshots.brand_id, snapshots.source_id
    ),

    newest_by_day as (
        select
            reaches.source_id,
            days.calendar_date,
            max(snapshots.snapshot_date) over running as snapshot_date,
            max(snapshots.snapshot_at) over running as snapshot_at
        from reaches
        inner join
            days on days.calendar_date between reaches.first_day and reaches.as_of_date
        left join
            snapshots
            on reaches.source_id = snapshots.source_id
            and days.calendar_date = snapshots.snapshot_date
        window
            running as (
                partition by reaches.source_id
                order by days.calendar_date asc nulls last
                rows between unbounded preceding and current row
            )
    ),

    observed as (
        select
            reaches.brand_id,
            reaches.source_id,
            periods.grain,
            periods.period_index,
            periods.period_start,
            periods.period_end,
            newest_by_day.snapshot_at,
            newest_by_day.snapshot_date >= periods.period_start as has_own_snapshot,
            {{
                days_between(
                    "newest_by_day.snapshot_date", "newest_by_day.calendar_date"
                )
            }} as days_carried
        from reaches
        inner join periods on reaches.calendar_key = periods.calendar_key
        inner join
            newest_by_day
            on reaches.source_id = newest_by_day.source_id
            and newest_by_day.calendar_date
            = least({{ add_days("periods.period_end", -1) }}, reaches.as_of_date)
        where
            periods.period_end > reaches.first_day
            and periods.period_start <= reaches.last_day
    ),

    judged as (
        select
            brand_id,
            source_id,
            grain,
            period_index,
            period_start,
            period_end,
            case
                when has_own_snapshot and days_carried <= 7
                then 'ok'
                when has_own_snapshot
                then 'stale'
                when grain = 'day' and days_carried <= 7
                then 'ok'
                else 'not_loaded'
            end as status,
            snapshot_at
        from observed
    ),

    final as (
        select
            brand_id,
            source_id,
            grain,
            period_start,
            period_end,
            status,
            case when status <> 'not_loaded' then snapshot_at end as snapshot_at,
            case when status = 'ok' then snapshot_at end as end_snapshot_at,
            lag(case when status = 'ok' then snapshot_at end) over (
                partition by source_id, grain order by period_index asc nulls last
            ) as start_snapshot_at
        from judged
    )

select *
from final
