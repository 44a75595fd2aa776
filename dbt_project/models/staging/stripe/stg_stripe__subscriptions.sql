with

    subscriptions as (select * from {{ source("raw", "stripe__subscriptions") }}),

    {{ newest_version("subscriptions", ["subscription_id"], ["created"]) }},

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            subscription_id,
            customer_id,
            status,
            upper(currency) as currency_code,
            created as created_at,
            start_date as started_at,
            trial_start as trial_started_at,
            trial_end as trial_ends_at,
            cancel_at_period_end,
            cancel_at,
            canceled_at,
            ended_at,
            pause_behavior is not null as is_paused,
            pause_resumes_at,
            is_live,
            is_gone
        from newest
    )

select *
from final
