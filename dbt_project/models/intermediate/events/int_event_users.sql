{{
    config(
        materialized=kept(),
        incremental_strategy="delete+insert",
        unique_key=["source_id", "grain", "period_start"],
        on_schema_change="fail",
        pre_hook="{{ delete_users_of_unloaded_periods() }}",
    )
}}

with

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

    periods as (
        select
            loaded_days.brand_id,
            loaded_days.source_id,
            loaded_days.calendar_date,
            day_periods.grain,
            day_periods.period_start
        from loaded_days
        inner join brands on loaded_days.brand_id = brands.brand_id
        inner join
            day_periods
            on brands.calendar_key = day_periods.calendar_key
            and loaded_days.calendar_date = day_periods.calendar_date
    ),

    {% if is_incremental() %}
        -- A period counts anew when one of its days changed, or was not known to be
        -- loaded.
        changed_days as ({{ changed_event_days() }}),

        period_days as (
            select source_id, grain, period_start, count(*) as loaded_days
            from periods
            group by source_id, grain, period_start
        ),

        -- Joined below, where sqlfluff renders no incremental build.
        touched_periods as (  -- noqa: ST03
            select distinct periods.source_id, periods.grain, periods.period_start
            from periods
            inner join
                period_days
                on periods.source_id = period_days.source_id
                and periods.grain = period_days.grain
                and periods.period_start = period_days.period_start
            left join
                changed_days
                on periods.source_id = changed_days.source_id
                and periods.calendar_date = changed_days.changed_date
            left join
                {{ this }} as held
                on periods.source_id = held.source_id
                and periods.grain = held.grain
                and periods.period_start = held.period_start
            where
                changed_days.changed_date is not null
                or held.source_id is null
                or held.loaded_days <> period_days.loaded_days
        ),
    {% endif %}

    active_days as (
        select distinct source_id, event_date, user_pseudo_id
        from {{ ref("int_event_session_days") }}
        where is_active and user_pseudo_id is not null
    ),

    -- A period with a loaded day and nobody active has 0 users.
    final as (
        select
            periods.brand_id,
            periods.source_id,
            periods.grain,
            periods.period_start,
            count(distinct active_days.user_pseudo_id) as active_users,
            count(distinct periods.calendar_date) as loaded_days
        from periods
        {% if is_incremental() %}
            inner join
                touched_periods
                on periods.source_id = touched_periods.source_id
                and periods.grain = touched_periods.grain
                and periods.period_start = touched_periods.period_start
        {% endif %}
        left join
            active_days
            on periods.source_id = active_days.source_id
            and periods.calendar_date = active_days.event_date
        group by
            periods.brand_id, periods.source_id, periods.grain, periods.period_start
    )

select *
from final
