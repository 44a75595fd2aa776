with

    traffic as (select * from {{ source("raw", "plausible__traffic") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            _slice as slice,
            date as traffic_date,
            site_id,
            channel as channel_group,
            case
                when source = 'Direct / None' then '(direct)' else source
            end as source,
            -- Only who came from nowhere has no medium; elsewhere it wasn't named.
            case
                when utm_medium <> '(not set)'
                then utm_medium
                when source = 'Direct / None'
                then '(none)'
            end as medium,
            nullif(utm_campaign, '(not set)') as campaign,
            visits as sessions,
            cast(null as bigint) as engaged_sessions,
            cast(null as decimal(18, 6)) as engagement_seconds,
            pageviews as page_views,
            visitors as active_users,
            cast(null as decimal(18, 6)) as key_events,
            cast(null as decimal(18, 6)) as revenue,
            cast(null as {{ dbt.type_string() }}) as currency_code,
            coalesce(imports_included, false) as has_imports
        from traffic
    )

select *
from final
