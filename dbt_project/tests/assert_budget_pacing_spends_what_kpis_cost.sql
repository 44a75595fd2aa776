-- Channels spend in fct_budget_pacing what the cost KPIs of the month were divided
-- from.
{{ config(meta={"dagster": {"ref": {"name": "fct_budget_pacing"}}}) }}

with

    catalogue as (select * from {{ ref("kpi_catalogue") }}),

    kpi_costs as (
        select
            kpis.brand_id,
            kpis.kpi_id,
            kpis.segment as channel_id,
            kpis.period_start,
            case
                when catalogue.numerator_measure = 'marketing_cost'
                then kpis.numerator
                else kpis.denominator
            end as cost
        from {{ ref("fct_kpi_monthly") }} as kpis
        inner join catalogue on kpis.kpi_id = catalogue.kpi_id
        where
            kpis.segment_type = 'channel'
            and (
                catalogue.numerator_measure = 'marketing_cost'
                or catalogue.denominator_measure = 'marketing_cost'
            )
    ),

    pacing as (select * from {{ ref("fct_budget_pacing") }}),

    final as (
        select kpi_costs.*, pacing.spend
        from kpi_costs
        left join
            pacing
            on kpi_costs.brand_id = pacing.brand_id
            and kpi_costs.channel_id = pacing.channel_id
            and kpi_costs.period_start = pacing.period_start
        where kpi_costs.cost is not null and kpi_costs.cost <> coalesce(pacing.spend, 0)
    )

select *
from final
