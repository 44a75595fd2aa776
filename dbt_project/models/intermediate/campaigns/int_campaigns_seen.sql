{{ config(materialized="table") }}

with

    web as (select * from {{ ref("int_web_traffic_unioned") }}),

    -- Counted before names are folded: there are many sessions and few campaigns.
    event_sessions as (
        select
            brand_id,
            campaign,
            session_date as seen_date,
            'web' as family,
            count(*) as row_count
        from {{ ref("int_event_sessions") }}
        where campaign is not null
        group by brand_id, campaign, session_date
    ),

    ads as (select * from {{ ref("int_ad_performance_unioned") }}),

    emails as (select * from {{ ref("int_email_sends_unioned") }}),

    costs as (select * from {{ ref("int_costs_spread_daily") }}),

    order_headers as (select * from {{ ref("int_orders_from_headers") }}),

    order_lines as (select * from {{ ref("fct_order_lines") }}),

    contacts as (select * from {{ ref("int_contacts_unioned") }}),

    brands as (select * from {{ source("control", "brands") }}),

    seen as (
        select
            brand_id,
            campaign,
            traffic_date as seen_date,
            'web' as family,
            1 as row_count
        from web
        union all
        select brand_id, campaign, seen_date, family, row_count
        from event_sessions
        union all
        select
            brand_id,
            campaign_name as campaign,
            ad_date as seen_date,
            'ads' as family,
            1 as row_count
        from ads
        union all
        select
            emails.brand_id,
            coalesce(
                nullif(trim(emails.utm_campaign), ''), emails.campaign_name
            ) as campaign,
            coalesce(
                emails.reported_send_date,
                {{ local_date("emails.sent_at", "brands.timezone") }}
            ) as seen_date,
            'email' as family,
            1 as row_count
        from emails
        inner join brands on emails.brand_id = brands.brand_id
        union all
        select
            brand_id,
            campaign,
            cost_date as seen_date,
            'costs' as family,
            1 as row_count
        from costs
        union all
        select
            brand_id,
            utm_campaign as campaign,
            order_date as seen_date,
            'orders' as family,
            1 as row_count
        from order_headers
        union all
        select
            brand_id,
            utm_campaign as campaign,
            line_date as seen_date,
            'orders' as family,
            1 as row_count
        from order_lines
        union all
        select
            contacts.brand_id,
            contacts.utm_campaign as campaign,
            {{
                local_date(
                    "coalesce(contacts.became_lead_at, contacts.created_at)",
                    "brands.timezone",
                )
            }} as seen_date,
            'leads' as family,
            1 as row_count
        from contacts
        inner join brands on contacts.brand_id = brands.brand_id
    ),

    final as (
        select
            brand_id,
            {{ normalise_campaign("campaign") }} as campaign_match,
            {{ squeeze_blanks("campaign") }} as spelling,
            family,
            min(seen_date) as first_date,
            max(seen_date) as last_date,
            cast(sum(row_count) as bigint) as row_count
        from seen
        where not {{ names_no_campaign("campaign") }}
        group by
            brand_id,
            {{ normalise_campaign("campaign") }},
            {{ squeeze_blanks("campaign") }},
            family
    )

select *
from final
