{{ config(materialized="table") }}
with

    costs as (select * from {{ ref("int_costs_spread_daily") }}),

    ads as (select * from {{ ref("int_ad_performance_daily") }} where cost is not null),

    currencies as (select * from {{ ref("int_source_currencies") }}),

    rates as (select * from {{ ref("int_exchange_rates") }}),

    mapping as (select * from {{ ref("channel_mapping") }} where match_on = 'channel'),

    campaign_names as (select * from {{ ref("int_campaign_names") }}),

    costs_placed as (
        select
            costs.brand_id,
            costs.source_id,
            costs.cost_date,
            costs.category,
            coalesce(
                mapping.channel_id, lower(nullif(trim(costs.channel), '')), '(all)'
            ) as channel_id,
            coalesce({{ campaign_shown("costs.campaign") }}, '(all)') as campaign,
            costs.vendor,
            coalesce(
                costs.currency_code, currencies.source_currency_code
            ) as currency_code,
            currencies.reporting_currency_code,
            costs.amount
        from costs
        inner join currencies on costs.source_id = currencies.source_id
        left join
            mapping on mapping.raw_value = {{ fold_text("costs.channel") }}
            {{ join_campaign_names("costs", "costs.campaign") }}
    ),

    converted as (
        select
            costs_placed.*,
            {{
                reporting_amount(
                    "costs_placed.amount",
                    "costs_placed.currency_code",
                    "costs_placed.reporting_currency_code",
                    "rates.rate",
                )
            }} as reporting_amount
        from costs_placed
        left join
            rates
            on costs_placed.cost_date = rates.rate_date
            and costs_placed.currency_code = rates.from_currency
            and costs_placed.reporting_currency_code = rates.to_currency
        union all
        select
            brand_id,
            source_id,
            ad_date as cost_date,
            'ad_spend' as category,
            channel_id,
            campaign,
            platform as vendor,
            currency_code,
            reporting_currency_code,
            cost as amount,
            reporting_cost as reporting_amount
        from ads
    ),

    final as (
        select
            brand_id,
            source_id,
            cost_date,
            category,
            channel_id,
            campaign,
            vendor,
            currency_code,
            reporting_currency_code,
            {{ exact_sum("amount") }} as amount,
            {{ complete_sum("reporting_amount", "amount") }} as reporting_amount
        from converted
        group by
            brand_id,
            source_id,
            cost_date,
            category,
            channel_id,
            campaign,
            vendor,
            currency_code,
            reporting_currency_code
    )

select *
from final
