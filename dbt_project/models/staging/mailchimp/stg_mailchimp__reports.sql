with

    reports as (select * from {{ source("raw", "mailchimp__reports") }}),

    {{ newest_version("reports", ["campaign_id"]) }},

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            campaign_id,
            campaign_title as campaign_name,
            type as campaign_type,
            list_id,
            list_name,
            nullif(trim(subject_line), '') as subject,
            nullif(trim(preview_text), '') as preview_text,
            send_time as sent_at,
            emails_sent as sent,
            emails_sent - hard_bounces - soft_bounces - syntax_errors as delivered,
            -- An address that is none will never be reached.
            hard_bounces + syntax_errors as hard_bounces,
            soft_bounces,
            syntax_errors,
            unique_opens,
            opens_total as opens,
            proxy_excluded_unique_opens as human_unique_opens,
            proxy_excluded_opens as human_opens,
            last_open as last_opened_at,
            -- Not unique_clicks, which count a recipient once per link.
            unique_subscriber_clicks as unique_clicks,
            clicks_total as clicks,
            last_click as last_clicked_at,
            unsubscribed as unsubscribes,
            abuse_reports as complaints,
            total_orders as claimed_orders,
            total_revenue as claimed_revenue,
            upper(trim(currency_code)) as currency_code,
            is_gone
        from newest
    )

select *
from final
