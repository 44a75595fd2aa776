with

    periods as (
        select * from {{ ref("int_subscription_periods") }} where grain = 'month'
    ),

    totals as (select * from {{ ref("int_subscription_totals") }}),

    currencies as (select * from {{ ref("int_source_currencies") }}),

    final as (
        select
            periods.brand_id,
            periods.source_id,
            periods.period_start as month,
            periods.period_end as month_end,
            totals.mrr,
            totals.payers,
            totals.subscribers,
            currencies.reporting_currency_code as currency_code,
            periods.status,
            periods.snapshot_at
        from periods
        inner join currencies on periods.source_id = currencies.source_id
        left join
            totals
            on periods.source_id = totals.source_id
            and periods.end_snapshot_at = totals.snapshot_at
    )

select *
from final
