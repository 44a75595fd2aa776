-- Movements are made of what changed, totals of what is: at every grain both must end
-- at
-- the same sum and the same number of subscribers.
with

    movements as (select * from {{ ref("int_subscription_movements") }}),

    totals as (select * from {{ ref("int_subscription_totals") }})

select
    movements.source_id,
    movements.grain,
    movements.period_start,
    movements.mrr_end,
    totals.mrr,
    movements.subscribers_end,
    totals.subscribers
from movements
inner join
    totals
    on movements.source_id = totals.source_id
    and movements.end_snapshot_at = totals.snapshot_at
where movements.subscribers_end <> totals.subscribers or movements.mrr_end <> totals.mrr
