with

    campaigns as (select * from {{ source("raw", "email__campaigns") }}),

    newest as (
        select *
        from campaigns
        qualify
            row_number() over (
                partition by _source, campaign_id
                order by
                    _load_id desc nulls last,
                    _file desc nulls last,
                    _line desc nulls last
            )
            = 1
    ),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
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
            sent_at
        from newest
        where not coalesce(_is_deleted, false)
    )

select *
from final
