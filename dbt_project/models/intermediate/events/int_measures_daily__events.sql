with

    -- Segments as those of the GA4 API.
    traffic as (
        select
            *,
            traffic_date as measure_date,
            cast(null as {{ dbt.type_string() }}) as currency_code
        from {{ ref("int_event_traffic_daily") }}
        where segment_type in ('overall', 'channel', 'device', 'campaign')
    ),

    actions as (select * from {{ ref("int_event_actions") }}),

    -- A person signs up once: on the day of the first sign_up. Of an event without
    -- anybody's id nothing more is known.
    ranked_sign_ups as (
        select
            *,
            coalesce(user_id_hmac, user_pseudo_id) as person,
            row_number() over (
                partition by source_id, coalesce(user_id_hmac, user_pseudo_id)
                order by
                    event_at asc nulls last,
                    slice asc nulls last,
                    action_number asc nulls last
            ) as sign_up_number
        from actions
        where action = 'sign_up'
    ),

    action_days as (
        select
            brand_id,
            source_id,
            event_date as measure_date,
            'overall' as segment_type,
            'all' as segment,
            count(*) as site_shares,
            cast(null as bigint) as ga4_sign_ups,
            cast(null as {{ dbt.type_string() }}) as currency_code
        from actions
        where action = 'share'
        group by brand_id, source_id, event_date
        union all
        select
            brand_id,
            source_id,
            event_date as measure_date,
            'overall' as segment_type,
            'all' as segment,
            cast(null as bigint) as site_shares,
            count(*) as ga4_sign_ups,
            cast(null as {{ dbt.type_string() }}) as currency_code
        from ranked_sign_ups
        where sign_up_number = 1 or person is null
        group by brand_id, source_id, event_date
    ),

    final as (
        {{
            measure_rows(
                "traffic",
                [
                    "sessions",
                    "engaged_sessions",
                    "engagement_seconds",
                    "page_views",
                ],
            )
        }}
        union all
        {{ measure_rows("action_days", ["site_shares", "ga4_sign_ups"]) }}
    )

select *
from final
