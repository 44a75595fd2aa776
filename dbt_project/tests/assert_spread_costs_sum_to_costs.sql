-- Spreading a cost over its days neither adds nor loses a millionth; the calendar
-- covers all of its days.
{{ config(meta={"dagster": {"ref": {"name": "int_costs_spread_daily"}}}) }}

with

    costs as (
        select source_id, sum(amount) as amount
        from {{ ref("stg_costs__costs") }}
        group by source_id
    ),

    spread as (
        select source_id, sum(amount) as amount
        from {{ ref("int_costs_spread_daily") }}
        group by source_id
    )

select costs.source_id, costs.amount, spread.amount as spread_amount
from costs
left join spread on costs.source_id = spread.source_id
where spread.amount is null or spread.amount <> costs.amount
