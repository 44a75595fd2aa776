{{ config(materialized="table") }}

with

    conversions as (select * from {{ ref("int_conversions") }}),

    browsers as (select * from {{ ref("int_conversion_browsers") }}),

    sessions as (select * from {{ ref("int_event_sessions") }}),

    purchases as (
        select distinct brand_id, transaction_id
        from {{ ref("int_event_purchases") }}
        where transaction_id is not null and session_key is not null
    ),

    leads as (select * from {{ ref("fct_leads") }}),

    campaign_names as (select * from {{ ref("int_campaign_names") }}),

    utm_synonyms as (select * from {{ ref("utm_synonyms") }}),

    source_categories as (select * from {{ ref("source_categories") }}),

    click_ids as (select * from {{ ref("click_ids") }}),

    -- A window of 30 days is 720 hours, whatever the clocks do in between; its first
    -- instant and that of the conversion belong to it.
    session_touches as (
        select distinct
            browsers.brand_id,
            browsers.conversion_type,
            browsers.source_id,
            browsers.conversion_id,
            sessions.started_at as touched_at,
            sessions.session_key as touch_key,
            sessions.channel_id,
            sessions.source_medium,
            sessions.campaign
        from browsers
        inner join
            sessions
            on browsers.event_source_id = sessions.source_id
            and browsers.user_pseudo_id = sessions.user_pseudo_id
            and browsers.converted_at >= sessions.started_at
        where
            {{ microseconds_between("sessions.started_at", "browsers.converted_at") }}
            <= browsers.window_days * cast(86400000000 as bigint)
    ),

    -- An order whose visit was not seen tells its own origin.
    untracked_orders as (
        select conversions.*
        from conversions
        left join
            purchases
            on conversions.brand_id = purchases.brand_id
            and conversions.conversion_id = purchases.transaction_id
        where
            conversions.conversion_type = 'order'
            and purchases.transaction_id is null
            and coalesce(
                conversions.utm_source, conversions.utm_medium, conversions.utm_campaign
            )
            is not null
    ),

    {{
        default_channels(
            "untracked_orders",
            "placed_orders",
            source="utm_source",
            medium="utm_medium",
            campaign="utm_campaign",
        )
    }},

    -- A lead that tells nothing of where it came from is no touch.
    lead_touches as (
        select
            conversions.brand_id,
            conversions.conversion_type,
            conversions.source_id,
            conversions.conversion_id,
            leads.lead_at as touched_at,
            'lead' as touch_key,
            leads.channel_id,
            leads.source_medium,
            nullif(trim(leads.utm_campaign), '') as campaign
        from conversions
        inner join
            leads
            on conversions.brand_id = leads.brand_id
            and conversions.customer_key = leads.customer_key
        where
            conversions.conversion_type = 'won_deal'
            and coalesce(
                nullif(trim(leads.utm_source), ''),
                nullif(trim(leads.utm_medium), ''),
                nullif(trim(leads.utm_campaign), ''),
                nullif(trim(leads.lead_source), '')
            )
            is not null
    ),

    touches as (
        select
            brand_id,
            conversion_type,
            source_id,
            conversion_id,
            touched_at,
            touch_key,
            channel_id,
            source_medium,
            campaign
        from session_touches
        union all
        select
            brand_id,
            conversion_type,
            source_id,
            conversion_id,
            converted_at as touched_at,
            'order' as touch_key,
            default_channel_id as channel_id,
            default_source_medium as source_medium,
            utm_campaign as campaign
        from placed_orders
        union all
        select
            brand_id,
            conversion_type,
            source_id,
            conversion_id,
            touched_at,
            touch_key,
            channel_id,
            source_medium,
            campaign
        from lead_touches
    ),

    final as (
        select
            touches.brand_id,
            touches.conversion_type,
            touches.source_id,
            touches.conversion_id,
            touches.touched_at,
            touches.channel_id,
            touches.source_medium,
            case
                when {{ names_no_campaign("touches.campaign") }}
                then '(not set)'
                else {{ campaign_shown("touches.campaign") }}
            end as campaign,
            cast(
                row_number() over (
                    partition by
                        touches.brand_id,
                        touches.conversion_type,
                        touches.source_id,
                        touches.conversion_id
                    order by
                        touches.touched_at asc nulls last,
                        touches.touch_key asc nulls last
                ) as bigint
            ) as touch_number,
            cast(
                count(*) over (
                    partition by
                        touches.brand_id,
                        touches.conversion_type,
                        touches.source_id,
                        touches.conversion_id
                ) as bigint
            ) as touch_count
        from touches {{ join_campaign_names("touches", "touches.campaign") }}
    )

select *
from final
