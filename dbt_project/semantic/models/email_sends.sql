-- Opens and clicks of people count only where both sides of their rate are known.
with

    sends as (
        select
            *,
            human_unique_opens is not null
            and human_base is not null as tells_human_opens
        from {{ source("kpi", "fct_email_performance") }}
        where not is_test
    )

select
    brand_id,
    source_id,
    send_date as metric_date,
    campaign,
    list_name,
    delivered as email_delivered,
    unique_opens as email_unique_opens,
    case when tells_human_opens then human_unique_opens end as email_human_opens,
    case when tells_human_opens then human_base end as email_human_base,
    case when tells_human_opens then unique_clicks end as email_human_clicks,
    unique_clicks as email_unique_clicks,
    unsubscribes as email_unsubscribes
from sends
