with

    campaigns as (select * from {{ ref("stg_email__campaigns") }}),

    statistics as (select * from {{ ref("stg_hubspot__email_statistics") }}),

    emails as (select * from {{ ref("stg_hubspot__emails") }}),

    reports as (select * from {{ ref("stg_mailchimp__reports") }}),

    final as (
        select
            'email' as connector,
            brand_id,
            source_id,
            campaign_id,
            subject,
            campaign_name,
            list_name,
            utm_campaign,
            status,
            is_test,
            sent,
            delivered,
            hard_bounces,
            soft_bounces,
            bounces,
            unique_opens,
            opens,
            human_unique_opens,
            machine_only_opens,
            unique_clicks,
            clicks,
            unsubscribes,
            complaints,
            sent_at,
            cast(null as date) as reported_send_date,
            cast(null as {{ dbt.type_string() }}) as campaign_type
        from campaigns
        union all
        -- Names and test rules hold for an e-mail that was deleted since.
        select
            'hubspot' as connector,
            statistics.brand_id,
            statistics.source_id,
            statistics.email_id as campaign_id,
            emails.subject,
            emails.email_name as campaign_name,
            cast(null as {{ dbt.type_string() }}) as list_name,
            emails.campaign_name as utm_campaign,
            emails.status,
            false as is_test,
            statistics.sent,
            statistics.delivered,
            statistics.hard_bounces,
            statistics.soft_bounces,
            statistics.bounces,
            statistics.unique_opens,
            cast(null as bigint) as opens,
            cast(null as bigint) as human_unique_opens,
            cast(null as bigint) as machine_only_opens,
            statistics.unique_clicks,
            cast(null as bigint) as clicks,
            statistics.unsubscribes,
            statistics.complaints,
            emails.published_at as sent_at,
            statistics.send_date as reported_send_date,
            emails.email_type as campaign_type
        from statistics
        left join
            emails
            on statistics.source_id = emails.source_id
            and statistics.email_id = emails.email_id
        union all
        -- A campaign that was deleted since was sent all the same.
        select
            'mailchimp' as connector,
            brand_id,
            source_id,
            campaign_id,
            subject,
            campaign_name,
            list_name,
            cast(null as {{ dbt.type_string() }}) as utm_campaign,
            cast(null as {{ dbt.type_string() }}) as status,
            false as is_test,
            sent,
            delivered,
            hard_bounces,
            soft_bounces,
            cast(null as bigint) as bounces,
            unique_opens,
            opens,
            human_unique_opens,
            cast(null as bigint) as machine_only_opens,
            unique_clicks,
            clicks,
            unsubscribes,
            complaints,
            sent_at,
            cast(null as date) as reported_send_date,
            campaign_type
        from reports
        where sent_at is not null
    )

select *
from final
