-- Orders on their own day, before refunds, and whom they made active.
select
    brand_id,
    source_id,
    order_date as metric_date,
    coalesce(campaign, '(none)') as campaign,
    coalesce(country, '(none)') as country,
    case when counts_as_activity then customer_key end as buyer_key,
    case when counts_as_order then 1 else 0 end as orders,
    case when counts_as_order then order_value_reporting end as aov_order_value,
    case when counts_as_order then paid_amount_reporting end as paid_value
from {{ source("kpi", "fct_orders") }}
