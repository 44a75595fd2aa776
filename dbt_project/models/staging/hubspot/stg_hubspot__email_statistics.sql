with

    email_statistics as (
        select * from {{ source("raw", "hubspot__email_statistics") }}
    ),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            date as send_date,
            email_id,
            sent,
            delivered,
            open as unique_opens,
            click as unique_clicks,
            bounce as bounces,
            hardbounced as hard_bounces,
            softbounced as soft_bounces,
            unsubscribed as unsubscribes,
            spamreport as complaints,
            dropped
        from email_statistics
    )

select *
from final
