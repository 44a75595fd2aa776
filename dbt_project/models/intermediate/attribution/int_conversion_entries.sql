-- A conversion on its own day, and what was given back on the day it was.
with

    conversions as (select * from {{ ref("int_conversions") }}),

    returns as (select * from {{ ref("int_order_returns") }} where is_subtracted),

    brands as (
        select * from {{ ref("int_attribution_brands") }} where has_order_touches
    ),

    final as (
        select
            brand_id,
            conversion_type,
            source_id,
            conversion_id,
            conversion_type as entry_type,
            converted_date as entry_date,
            revenue,
            paid_amount,
            currency_code
        from conversions
        union all
        select
            returns.brand_id,
            'order' as conversion_type,
            returns.source_id,
            returns.order_id as conversion_id,
            'refund' as entry_type,
            returns.return_date as entry_date,
            - {{ complete_sum("returns.returned_amount_reporting", "1") }} as revenue,
            cast(null as decimal(38, 6)) as paid_amount,
            min(returns.reporting_currency_code) as currency_code
        from returns
        inner join brands on returns.brand_id = brands.brand_id
        group by
            returns.brand_id, returns.source_id, returns.order_id, returns.return_date
    )

select *
from final
