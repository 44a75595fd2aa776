with

    google_ads as (select * from {{ ref("stg_google_ads__campaign_performance") }}),

    linkedin_ads as (select * from {{ ref("stg_linkedin_ads__campaign_performance") }}),

    tiktok_ads as (select * from {{ ref("stg_tiktok_ads__campaign_performance") }}),

    meta_ads as (select * from {{ ref("stg_meta_ads__campaign_performance") }}),

    ad_server as (select * from {{ ref("stg_ad_server__events") }}),

    brands as (select * from {{ source("control", "brands") }}),

    unioned as (
        {% for platform in ["google_ads", "linkedin_ads", "tiktok_ads"] %}
            select
                brand_id,
                source_id,
                '{{ platform }}' as platform,
                ad_date,
                account_id,
                campaign_id,
                campaign_name,
                campaign_type,
                conversion_goal,
                cast(null as {{ dbt.type_string() }}) as attribution_setting,
                impressions,
                clicks,
                cast(null as bigint) as all_clicks,
                cost,
                currency_code,
                conversions,
                conversion_value
            from {{ platform }}
            union all
        {% endfor %}
        select
            brand_id,
            source_id,
            'meta_ads' as platform,
            ad_date,
            account_id,
            campaign_id,
            campaign_name,
            cast(null as {{ dbt.type_string() }}) as campaign_type,
            conversion_goal,
            attribution_setting,
            impressions,
            clicks,
            clicks_all as all_clicks,
            cost,
            currency_code,
            conversions,
            conversion_value
        from meta_ads
        union all
        -- An event log has no day of its own: its instants fall on days of the brand.
        select
            ad_server.brand_id,
            ad_server.source_id,
            'ad_server' as platform,
            {{ local_date("ad_server.event_at", "brands.timezone") }} as ad_date,
            cast(null as {{ dbt.type_string() }}) as account_id,
            cast(null as {{ dbt.type_string() }}) as campaign_id,
            ad_server.campaign as campaign_name,
            cast(null as {{ dbt.type_string() }}) as campaign_type,
            cast(null as {{ dbt.type_string() }}) as conversion_goal,
            cast(null as {{ dbt.type_string() }}) as attribution_setting,
            ad_server.impressions,
            ad_server.clicks,
            cast(null as bigint) as all_clicks,
            ad_server.cost,
            ad_server.currency_code,
            cast(null as decimal(18, 6)) as conversions,
            cast(null as decimal(18, 6)) as conversion_value
        from ad_server
        inner join brands on ad_server.brand_id = brands.brand_id
    ),

    final as (
        select
            brand_id,
            source_id,
            platform,
            ad_date,
            account_id,
            campaign_id,
            coalesce(nullif(trim(campaign_name), ''), '(not set)') as campaign_name,
            max(campaign_type) as campaign_type,
            conversion_goal,
            max(attribution_setting) as attribution_setting,
            currency_code,
            cast(sum(impressions) as bigint) as impressions,
            cast(sum(clicks) as bigint) as clicks,
            cast(sum(all_clicks) as bigint) as all_clicks,
            {{ exact_sum("cost") }} as cost,
            {{ exact_sum("conversions") }} as conversions,
            {{ exact_sum("conversion_value") }} as conversion_value
        from unioned
        group by
            brand_id,
            source_id,
            platform,
            ad_date,
            account_id,
            campaign_id,
            coalesce(nullif(trim(campaign_name), ''), '(not set)'),
            conversion_goal,
            currency_code
    )

select *
from final
