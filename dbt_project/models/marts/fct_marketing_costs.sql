with

    costs as (select * from {{ ref("int_marketing_costs_daily") }}),

    final as (
        select
            brand_id,
            source_id,
            cost_date,
            category,
            channel_id,
            campaign,
            vendor,
            amount,
            currency_code,
            reporting_amount,
            reporting_currency_code
        from costs
    )

select *
from final
