with

    sends as (select * from {{ ref("int_email_sends") }}),

    final as (
        select
            brand_id,
            source_id,
            campaign_id,
            send_date,
            sent_at,
            subject,
            campaign_name,
            list_name,
            utm_campaign,
            campaign,
            status,
            is_test,
            sent,
            delivered,
            bounces,
            hard_bounces,
            soft_bounces,
            unique_opens,
            opens,
            machine_only_opens,
            human_unique_opens,
            human_base,
            unique_clicks,
            clicks,
            unsubscribes,
            complaints
        from sends
    )

select *
from final
