-- Additive KPIs of fully loaded quarters are the sum of their months.
{{ config(meta={"dagster": {"ref": {"name": "fct_kpi_quarterly"}}}) }}

with

    months as (select * from {{ ref("fct_kpi_monthly") }}),

    quarters as (select * from {{ ref("fct_kpi_quarterly") }}),

    additive as (select kpi_id from {{ ref("dim_kpi") }} where additivity = 'additive'),

    month_sums as (
        select
            quarters.brand_id,
            quarters.kpi_id,
            quarters.period_start,
            min(quarters.numerator) as quarter_amount,
            {{ exact_sum("months.numerator") }} as months_amount
        from quarters
        inner join additive on quarters.kpi_id = additive.kpi_id
        inner join
            months
            on quarters.brand_id = months.brand_id
            and quarters.kpi_id = months.kpi_id
            and quarters.period_start <= months.period_start
            and quarters.period_end >= months.period_end
        where
            quarters.segment_type = 'overall'
            and months.segment_type = 'overall'
            and quarters.days_loaded = quarters.days_expected
        group by quarters.brand_id, quarters.kpi_id, quarters.period_start
    )

select *
from month_sums
where quarter_amount <> months_amount
