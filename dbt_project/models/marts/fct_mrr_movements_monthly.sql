with

    movements as (
        select * from {{ ref("int_subscription_movements") }} where grain = 'month'
    ),

    final as (
        select
            brand_id,
            source_id,
            period_start as month,
            period_end as month_end,
            reporting_currency_code as currency_code,
            mrr_start,
            mrr_new,
            mrr_expansion,
            mrr_reactivation,
            mrr_contraction,
            mrr_churn,
            mrr_fx,
            mrr_end,
            mrr_start_at_end_rate,
            mrr_retained_net,
            mrr_retained_gross,
            subscribers_start,
            subscribers_end,
            subscribers_retained,
            start_snapshot_at,
            end_snapshot_at
        from movements
    )

select *
from final
