{{ config(materialized="table") }}
with

    ads as (select * from {{ ref("int_ad_performance_unioned") }}),

    currencies as (select * from {{ ref("int_source_currencies") }}),

    rates as (select * from {{ ref("int_exchange_rates") }}),

    mapping as (select * from {{ ref("channel_mapping") }}),

    campaign_names as (select * from {{ ref("int_campaign_names") }}),

    placed as (
        select
            ads.brand_id,
            ads.source_id,
            ads.platform,
            ads.ad_date,
            ads.account_id,
            ads.campaign_id,
            ads.campaign_name,
            {{ campaign_shown("ads.campaign_name") }} as campaign,
            ads.campaign_type,
            coalesce(
                by_type.channel_id, by_platform.channel_id, ads.platform
            ) as channel_id,
            ads.conversion_goal,
            ads.attribution_setting,
            ads.impressions,
            ads.clicks,
            ads.all_clicks,
            ads.cost,
            coalesce(
                ads.currency_code, currencies.source_currency_code
            ) as currency_code,
            currencies.reporting_currency_code,
            ads.conversions,
            ads.conversion_value
        from ads
        inner join
            currencies on ads.source_id = currencies.source_id
            {{ join_campaign_names("ads", "ads.campaign_name") }}
        left join
            mapping as by_type
            on by_type.match_on = 'campaign_type'
            and by_type.raw_value = {{ fold_text("ads.campaign_type") }}
        left join
            mapping as by_platform
            on by_platform.match_on = 'platform'
            and by_platform.raw_value = ads.platform
    ),

    final as (
        select
            placed.*,
            {{
                reporting_amount(
                    "placed.cost",
                    "placed.currency_code",
                    "placed.reporting_currency_code",
                    "rates.rate",
                )
            }} as reporting_cost,
            {{
                reporting_amount(
                    "placed.conversion_value",
                    "placed.currency_code",
                    "placed.reporting_currency_code",
                    "rates.rate",
                )
            }} as reporting_conversion_value
        from placed
        left join
            rates
            on placed.ad_date = rates.rate_date
            and placed.currency_code = rates.from_currency
            and placed.reporting_currency_code = rates.to_currency
    )

select *
from final
