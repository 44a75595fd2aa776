-- Every measure that a KPI or a derived measure names is declared.
{{ config(meta={"dagster": {"ref": {"name": "kpi_catalogue"}}}) }}

with

    named as (
        select numerator_measure as measure
        from {{ ref("kpi_catalogue") }}
        union all
        select denominator_measure as measure
        from {{ ref("kpi_catalogue") }}
        where denominator_measure is not null
        union all
        select measure
        from {{ ref("derived_measures") }}
    ),

    declared as (
        select measure
        from {{ ref("measures") }}
        union all
        select derived_measure as measure
        from {{ ref("derived_measures") }}
    )

select named.measure
from named
left join declared on named.measure = declared.measure
where declared.measure is null
