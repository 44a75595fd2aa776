-- Every change of a KPI has an explanation, and what its segments contribute sums to
-- it, to
-- 1e-9 of the greatest of both values and the sum of the contributions' sizes.
{{ config(meta={"dagster": {"ref": {"name": "fct_kpi_diagnosis"}}}) }}

with

    sums as (
        select
            brand_id,
            kpi_id,
            grain,
            period_start,
            compared_with,
            scorecard_id,
            segment_type,
            min(total_change) as total_change,
            sum(contribution) as contributions,
            greatest(
                max(abs(total_before)), max(abs(total_after)), sum(abs(contribution))
            ) as size
        from {{ ref("fct_kpi_diagnosis") }}
        group by
            brand_id,
            kpi_id,
            grain,
            period_start,
            compared_with,
            scorecard_id,
            segment_type
    ),

    kpis as (
        {% for grain, suffix in {
            "day": "daily",
            "week": "weekly",
            "month": "monthly",
            "quarter": "quarterly",
        }.items() %}
            select '{{ grain }}' as grain, brand_id, kpi_id, period_start, change_abs
            from {{ ref("fct_kpi_" ~ suffix) }}
            where segment_type = 'overall' and change_abs is not null
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    explained as (
        select distinct brand_id, kpi_id, grain, period_start, total_change
        from sums
        where compared_with = 'previous_period'
    ),

    final as (
        select
            brand_id,
            kpi_id,
            grain,
            period_start,
            compared_with,
            segment_type,
            total_change,
            contributions
        from sums
        where not coalesce(abs(contributions - total_change) <= 1e-9 * size, false)
        union all
        select
            kpis.brand_id,
            kpis.kpi_id,
            kpis.grain,
            kpis.period_start,
            'previous_period' as compared_with,
            '(none)' as segment_type,
            kpis.change_abs as total_change,
            cast(null as double) as contributions
        from kpis
        left join
            explained
            on kpis.brand_id = explained.brand_id
            and kpis.kpi_id = explained.kpi_id
            and kpis.grain = explained.grain
            and kpis.period_start = explained.period_start
            and kpis.change_abs = explained.total_change
        where explained.brand_id is null
    )

select *
from final
