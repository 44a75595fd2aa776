-- kpis lists the KPIs that the brand's sources measure, so that a rate is not asked of
-- a brand that lacks one of its sides.
with

    brands as (select * from {{ source("kpi", "dim_brand") }}),

    inputs as (select * from {{ source("kpi", "dim_kpi_inputs") }}),

    kpis as (
        select
            brand_id,
            ','
            || string_agg(distinct kpi_id, ',' order by kpi_id asc nulls last)
            || ',' as kpis
        from inputs
        group by brand_id
    )

select
    brands.brand_id,
    brands.name,
    brands.name_fa,
    brands.currency_code,
    brands.calendar,
    brands.timezone,
    coalesce(kpis.kpis, ',') as kpis
from brands
left join kpis on brands.brand_id = kpis.brand_id
