-- No family hands over a measure that the seed doesn't know: its KPI would silently
-- miss it.
{{ config(meta={"dagster": {"ref": {"name": "measures"}}}) }}

with

    produced as (
        select distinct measure
        from {{ ref("int_kpi_measures_daily") }}
        union all
        select distinct measure
        from {{ ref("int_kpi_measures_periodic") }}
    ),

    declared as (select distinct measure from {{ ref("measures") }})

select produced.measure
from produced
left join declared on produced.measure = declared.measure
where declared.measure is null
