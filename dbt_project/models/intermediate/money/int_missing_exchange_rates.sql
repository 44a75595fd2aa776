with

    costs as (select * from {{ ref("int_marketing_costs_daily") }}),

    final as (
        select
            brand_id,
            source_id,
            cost_date as rate_date,
            currency_code as from_currency,
            reporting_currency_code as to_currency,
            count(*) as row_count,
            {{ exact_sum("amount") }} as amount
        from costs
        where amount is not null and reporting_amount is null
        group by brand_id, source_id, cost_date, currency_code, reporting_currency_code
    )

select *
from final
