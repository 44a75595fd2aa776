with

    ga4_users as (select * from {{ ref("stg_ga4__users") }}),

    plausible_visitors as (select * from {{ ref("stg_plausible__visitors") }}),

    replaced as (
        select brand_id, source_id
        from {{ ref("int_replaced_fallbacks") }}
        where measure = 'active_users'
    ),

    told_users as (
        {% for relation in ["ga4_users", "plausible_visitors"] %}
            select brand_id, source_id, grain, period_start, period_end, active_users
            from {{ relation }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    -- A tool that stands in for another isn't a second property of the brand.
    users as (
        select told_users.*
        from told_users
        left join
            replaced
            on told_users.brand_id = replaced.brand_id
            and told_users.source_id = replaced.source_id
        where replaced.source_id is null
    ),

    brands as (select * from {{ source("control", "brands") }}),

    periods as (select * from {{ ref("dim_period") }}),

    -- A period that was asked for and has no row had no users.
    empty_periods as (
        select slices.brand_id, slices.source_id, periods.grain, periods.period_start
        from {{ source("control", "slices") }} as slices
        inner join brands on slices.brand_id = brands.brand_id
        left join
            replaced
            on slices.brand_id = replaced.brand_id
            and slices.source_id = replaced.source_id
        inner join
            periods
            on brands.calendar_key = periods.calendar_key
            and slices.slice
            = periods.grain
            || '/'
            || cast(periods.period_start as {{ dbt.type_string() }})
        where
            slices.row_count = 0
            and replaced.source_id is null
            and (
                (slices.connector = 'ga4' and slices.stream = 'users')
                or (slices.connector = 'plausible' and slices.stream = 'visitors')
            )
    ),

    -- Users of two properties can't be added, so a source with several has no value.
    source_users as (
        select
            users.brand_id,
            users.source_id,
            users.grain,
            users.period_start,
            max(users.active_users) as active_users
        from users
        inner join brands on users.brand_id = brands.brand_id
        inner join
            periods
            on brands.calendar_key = periods.calendar_key
            and users.grain = periods.grain
            and users.period_start = periods.period_start
            and users.period_end = periods.period_end
        where users.period_start <= brands.as_of_date
        group by users.brand_id, users.source_id, users.grain, users.period_start
        having count(*) = 1
        union all
        select brand_id, source_id, grain, period_start, 0 as active_users
        from empty_periods
    ),

    seen_sources as (
        select brand_id, source_id
        from users
        union
        select brand_id, source_id
        from empty_periods
    ),

    source_counts as (
        select brand_id, count(distinct source_id) as source_count
        from seen_sources
        group by brand_id
    ),

    segments as (
        select
            brand_id,
            source_id,
            grain,
            period_start,
            'source' as segment_type,
            source_id as segment,
            active_users
        from source_users
        union all
        select
            source_users.brand_id,
            source_users.source_id,
            source_users.grain,
            source_users.period_start,
            'overall' as segment_type,
            'all' as segment,
            source_users.active_users
        from source_users
        inner join
            source_counts
            on source_users.brand_id = source_counts.brand_id
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
        where active_users is not null
    )

select *
from final
