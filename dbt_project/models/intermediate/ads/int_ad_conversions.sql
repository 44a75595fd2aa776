{{ config(materialized="table") }}
{%- set platforms = ["google_ads", "meta_ads", "linkedin_ads", "tiktok_ads"] %}
with

    {% for platform in platforms %}
        {{ platform }} as (
            select * from {{ ref("stg_" ~ platform ~ "__conversions") }}
        ),
    {% endfor %}

    currencies as (select * from {{ ref("int_source_currencies") }}),

    rates as (select * from {{ ref("int_exchange_rates") }}),

    campaign_names as (select * from {{ ref("int_campaign_names") }}),

    unioned as (
        {% for platform in platforms %}
            select
                brand_id,
                source_id,
                '{{ platform }}' as platform,
                ad_date,
                account_id,
                campaign_id,
                campaign_name,
                conversion_goal,
                attribution_window,
                conversions,
                conversion_value,
                currency_code
            from {{ platform }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    summed as (
        select
            unioned.brand_id,
            unioned.source_id,
            unioned.platform,
            unioned.ad_date,
            unioned.account_id,
            unioned.campaign_id,
            coalesce(
                nullif(trim(unioned.campaign_name), ''), '(not set)'
            ) as campaign_name,
            unioned.conversion_goal,
            unioned.attribution_window,
            coalesce(
                unioned.currency_code, currencies.source_currency_code
            ) as currency_code,
            currencies.reporting_currency_code,
            {{ exact_sum("unioned.conversions") }} as conversions,
            {{ exact_sum("unioned.conversion_value") }} as conversion_value
        from unioned
        inner join currencies on unioned.source_id = currencies.source_id
        group by
            unioned.brand_id,
            unioned.source_id,
            unioned.platform,
            unioned.ad_date,
            unioned.account_id,
            unioned.campaign_id,
            coalesce(nullif(trim(unioned.campaign_name), ''), '(not set)'),
            unioned.conversion_goal,
            unioned.attribution_window,
            coalesce(unioned.currency_code, currencies.source_currency_code),
            currencies.reporting_currency_code
    ),

    final as (
        select
            summed.brand_id,
            summed.source_id,
            summed.platform,
            summed.ad_date,
            summed.account_id,
            summed.campaign_id,
            summed.campaign_name,
            {{ campaign_shown("summed.campaign_name") }} as campaign,
            summed.conversion_goal,
            summed.attribution_window,
            summed.conversions,
            summed.conversion_value,
            summed.currency_code,
            {{
                reporting_amount(
                    "summed.conversion_value",
                    "summed.currency_code",
                    "summed.reporting_currency_code",
                    "rates.rate",
                )
            }} as reporting_conversion_value,
            summed.reporting_currency_code
        from summed {{ join_campaign_names("summed", "summed.campaign_name") }}
        left join
            rates
            on summed.ad_date = rates.rate_date
            and summed.currency_code = rates.from_currency
            and summed.reporting_currency_code = rates.to_currency
    )

select *
from final
