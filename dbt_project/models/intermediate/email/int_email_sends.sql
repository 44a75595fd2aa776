{# A rule names a column of its source: those of campaign files, then HubSpot's own, where campaign_name is the campaign
that an e-mail belongs to, then Mailchimp's. #}
{% set rule_columns = {
    "subject": "campaigns.subject",
    "list_name": "campaigns.list_name",
    "campaign_name": "case when campaigns.connector= 'hubspot' then campaigns.utm_campaign else campaigns.campaign_name end",
    "name": "campaigns.campaign_name",
    "subject_line": "campaigns.subject",
    "campaign_title": "campaigns.campaign_name",
    "type": "campaigns.campaign_type",
} %}

{% set campaign = "coalesce(nullif(trim(campaigns.utm_campaign), ''), campaigns.campaign_name)" %}

with

    campaigns as (select * from {{ ref("int_email_sends_unioned") }}),

    brands as (select * from {{ source("control", "brands") }}),

    test_rules as (
        select * from {{ source("control", "row_rules") }} where rule = 'test'
    ),

    campaign_names as (select * from {{ ref("int_campaign_names") }}),

    matched_rules as (
        select distinct campaigns.source_id, campaigns.campaign_id
        from campaigns
        inner join test_rules as rules on campaigns.source_id = rules.source_id
        where {{ matches_row_rule(rule_columns) }}
    ),

    -- A day that the tool reports is the day of sending; an automated e-mail has many,
    -- and a time on the one it was published on only.
    dated as (
        select
            campaigns.*,
            {{ campaign_shown(campaign) }} as campaign_shown,
            coalesce(
                campaigns.reported_send_date,
                {{ local_date("campaigns.sent_at", "brands.timezone") }}
            ) as send_date,
            case
                when
                    campaigns.reported_send_date is null
                    or campaigns.reported_send_date
                    = {{ local_date("campaigns.sent_at", "brands.timezone") }}
                then campaigns.sent_at
            end as moment_of_sending
        from campaigns
        inner join
            brands on campaigns.brand_id = brands.brand_id
            {{ join_campaign_names("campaigns", campaign) }}
    ),

    counted as (
        select
            dated.*,
            coalesce(dated.is_test, false)
            or matched_rules.campaign_id is not null as is_test_send,
            -- Tools that split bounces may still give the sum; the parts decide.
            case
                when dated.hard_bounces is not null or dated.soft_bounces is not null
                then coalesce(dated.hard_bounces, 0) + coalesce(dated.soft_bounces, 0)
                else dated.bounces
            end as all_bounces
        from dated
        left join
            matched_rules
            on dated.source_id = matched_rules.source_id
            and dated.campaign_id = matched_rules.campaign_id
    ),

    delivered as (
        select
            *,
            coalesce(delivered, sent - all_bounces) as delivered_recipients,
            -- Apple's privacy proxy opens mail since September 2021; before it no
            -- opens were machine-made.
            coalesce(
                machine_only_opens,
                unique_opens - human_unique_opens,
                case when send_date < date '2021-09-01' then 0 end
            ) as machine_only_recipients
        from counted
    ),

    final as (
        select
            brand_id,
            source_id,
            campaign_id,
            subject,
            campaign_name,
            list_name,
            utm_campaign,
            coalesce(campaign_shown, '(not set)') as campaign,
            status,
            is_test_send as is_test,
            send_date,
            moment_of_sending as sent_at,
            sent,
            delivered_recipients as delivered,
            hard_bounces,
            soft_bounces,
            all_bounces as bounces,
            unique_opens,
            opens,
            machine_only_recipients as machine_only_opens,
            coalesce(
                human_unique_opens, unique_opens - machine_only_recipients
            ) as human_unique_opens,
            delivered_recipients - machine_only_recipients as human_base,
            unique_clicks,
            clicks,
            unsubscribes,
            complaints
        from delivered
    )

select *
from final
