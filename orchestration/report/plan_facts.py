"""Objectives, budgets and open alerts of a brand, each at its newest."""

from __future__ import annotations

from typing import Any

from orchestration.published_reader import Rows
from orchestration.report.reading import Published, Row


def plan_facts(published: Published, brand_id: str) -> dict[str, Any]:
    """Objectives, budgets and alerts, each at its newest."""
    return {
        "objectives": published.rows(
            "fct_okr_progress",
            """
            select o.*, p.label_en, p.label_fa
            from marts.fct_okr_progress as o
            join marts.dim_brand as b using (brand_id)
            join marts.dim_period as p
                on p.calendar_key = b.calendar_key and p.grain = o.grain and p.period_start = o.period_start
            where o.brand_id = $brand_id and o.is_latest
            order by o.objective_id
            """,
            brand_id=brand_id,
        ),
        "key_results": published.rows(
            "fct_okr_key_results",
            """
            select r.*, k.name_en, k.name_fa
            from marts.fct_okr_key_results as r
            join marts.dim_kpi as k using (kpi_id)
            where r.brand_id = $brand_id
                and (r.objective_id, r.period_start) in (
                    select (objective_id, period_start) from marts.fct_okr_progress
                    where brand_id = $brand_id and is_latest
                )
            order by r.objective_id, r.position
            """,
            brand_id=brand_id,
        ),
        "pacing": published.rows(
            "fct_budget_pacing",
            """
            select b.*, c.name_en, c.name_fa, p.label_en, p.label_fa
            from marts.fct_budget_pacing as b
            join marts.dim_brand as d using (brand_id)
            left join marts.dim_channel as c using (channel_id)
            left join marts.dim_period as p
                on p.calendar_key = d.calendar_key and p.grain = 'month' and p.period_start = b.period_start
            where b.brand_id = $brand_id
            qualify b.period_start = max(case when b.spend is not null then b.period_start end) over ()
            order by b.budget desc nulls last, b.spend desc nulls last, b.channel_id
            """,
            brand_id=brand_id,
        ),
        "alerts": _alerts(published, brand_id),
    }


def _alerts(published: Published, brand_id: str) -> Rows:
    found = published.rows(
        "fct_kpi_alerts",
        """
        select a.*, k.name_en, k.name_fa, k.unit, p.label_en, p.label_fa, d.currency_code
        from marts.fct_kpi_alerts as a
        join marts.dim_brand as d using (brand_id)
        left join marts.dim_kpi as k using (kpi_id)
        left join marts.dim_period as p
            on p.calendar_key = d.calendar_key and p.grain = a.grain and p.period_start = a.period_start
        where a.brand_id = $brand_id
        order by a.period_start desc, a.kpi_id
        """,
        brand_id=brand_id,
    )
    names = ("source_id", "scorecard_id", "kpi_id", "segment_type", "segment", "grain")
    newest: dict[tuple[object, ...], Row] = {}
    for row in found:
        newest.setdefault(tuple(row.get(name) for name in names), row)
    return [dict(row) for row in newest.values() if row["condition"] == "breach"]
