select
    brand_id,
    source_id,
    cost_date as metric_date,
    category,
    channel_id,
    campaign,
    vendor,
    reporting_amount as marketing_cost
from {{ source("kpi", "fct_marketing_costs") }}
