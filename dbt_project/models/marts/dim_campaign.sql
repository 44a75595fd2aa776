with

    seen as (
        select brand_id, segment as campaign, traffic_date as seen_date, 'web' as family
        from {{ ref("int_web_traffic_daily") }}
        where segment_type = 'campaign'
        union all
        select
            brand_id, campaign_name as campaign, ad_date as seen_date, 'ads' as family
        from {{ ref("int_ad_performance_daily") }}
        union all
        select brand_id, campaign, send_date as seen_date, 'email' as family
        from {{ ref("int_email_sends") }}
        union all
        select brand_id, campaign, cost_date as seen_date, 'costs' as family
        from {{ ref("int_marketing_costs_daily") }}
    ),

    final as (
        select
            {{ hash_key(["brand_id", "campaign"]) }} as campaign_key,
            brand_id,
            campaign,
            min(seen_date) as first_date,
            max(seen_date) as last_date,
            max(case when family = 'web' then 1 else 0 end) = 1 as has_web_traffic,
            max(case when family = 'ads' then 1 else 0 end) = 1 as has_ads,
            max(case when family = 'email' then 1 else 0 end) = 1 as has_email,
            max(case when family = 'costs' then 1 else 0 end) = 1 as has_costs
        from seen
        where campaign not in ('(unreconciled)', '(not set)', '(all)')
        group by brand_id, campaign
    )

select *
from final
