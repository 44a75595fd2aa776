with

    totals as (select * from {{ source("raw", "plausible__totals") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            date as traffic_date,
            site_id,
            visits as sessions,
            -- No engaged sessions: a visit that isn't a bounce is something else, and
            -- the rate is rounded.
            cast(null as bigint) as engaged_sessions,
            cast(null as decimal(18, 6)) as engagement_seconds,
            pageviews as page_views,
            visitors as active_users,
            cast(null as decimal(18, 6)) as key_events,
            cast(null as decimal(18, 6)) as revenue,
            cast(null as {{ dbt.type_string() }}) as currency_code,
            bounce_rate as bounce_percent,
            visit_duration as mean_visit_seconds,
            coalesce(imports_included, false) as has_imports
        from totals
    )

select *
from final
