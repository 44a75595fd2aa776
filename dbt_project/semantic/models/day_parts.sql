-- What no published fact tells row by row (revenue after refunds, shares by the
-- day they grew, events of a web tool), as the parts that the KPIs are divided from.
with

    parts as (
        select * from {{ source("kpi", "fct_kpi_measures") }} where grain = 'day'
    ),

    brands as (select * from {{ source("kpi", "dim_brand") }})

select
    parts.brand_id,
    parts.source_id,
    parts.period_start as metric_date,
    parts.measure,
    cast(parts.amount as decimal(28, 6)) as amount,
    brands.gross_margin
from parts
inner join brands on parts.brand_id = brands.brand_id
where parts.additivity = 'additive'
