with

    seen as (select * from {{ ref("int_campaigns_seen") }}),

    names as (select * from {{ ref("int_campaign_names") }}),

    ads as (select * from {{ ref("int_ad_performance_unioned") }}),

    on_platforms as (
        select
            brand_id,
            {{ normalise_campaign("campaign_name") }} as campaign_match,
            {{ distinct_list("platform") }} as platforms,
            {{ distinct_list("campaign_id") }} as platform_campaign_ids
        from ads
        group by brand_id, {{ normalise_campaign("campaign_name") }}
    ),

    used as (
        select
            brand_id,
            campaign_match,
            min(first_date) as first_date,
            max(last_date) as last_date,
            {% for family, column in {
                "web": "has_web_traffic",
                "ads": "has_ads",
                "email": "has_email",
                "costs": "has_costs",
                "orders": "has_orders",
                "leads": "has_leads",
            }.items() %}
                max(case when family = '{{ family }}' then 1 else 0 end)
                = 1 as {{ column }}{{ "," if not loop.last }}
            {% endfor %}
        from seen
        group by brand_id, campaign_match
    ),

    final as (
        select
            {{ hash_key(["used.brand_id", "used.campaign_match"]) }} as campaign_key,
            used.brand_id,
            names.campaign,
            names.spelling_count,
            used.first_date,
            used.last_date,
            used.has_web_traffic,
            used.has_ads,
            used.has_email,
            used.has_costs,
            used.has_orders,
            used.has_leads,
            on_platforms.platforms,
            on_platforms.platform_campaign_ids
        from used
        inner join
            names
            on used.brand_id = names.brand_id
            and used.campaign_match = names.campaign_match
        left join
            on_platforms
            on used.brand_id = on_platforms.brand_id
            and used.campaign_match = on_platforms.campaign_match
    )

select *
from final
