"""How fresh a brand's data are, which days are missing, and what was published when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from orchestration.missing_days import runs_of_days
from orchestration.published_reader import Rows
from orchestration.report.reading import Published, Row


def quality_facts(published: Published, brand_id: str, *, since: date, through: date) -> dict[str, Any]:
    """Sources of a brand, and its missing days in ``[since, through)`` as runs."""
    missing = published.rows(
        "fct_missing_days",
        """
        select source_id, missing_date, bool_or(is_overdue) as is_overdue
        from marts.fct_missing_days
        where brand_id = $brand_id and missing_date >= $since and missing_date < $through
        group by source_id, missing_date order by source_id, missing_date
        """,
        brand_id=brand_id,
        since=since,
        through=through,
    )
    return {
        "sources": published.rows(
            "fct_source_freshness",
            """
            select source_id, connector, stream, expect, row_count, rejected_rows, loaded_through,
                days_behind, status, quality_note
            from marts.fct_source_freshness where brand_id = $brand_id
            order by status = 'fresh', days_behind desc nulls last, source_id, stream
            """,
            brand_id=brand_id,
        ),
        "missing": runs_of_days(missing, of=("source_id",)),
        "missing_since": since,
    }


def publication_facts(published: Published, brand_id: str) -> Rows:
    """The newest publications that changed a value of the brand."""
    return published.rows(
        "fct_kpi_history",
        """
        select event_id, version, min(valid_from) as published_at, count(*) as changed,
            count(*) filter (where reason = 'new data') as new,
            count(*) filter (where reason = 'restated') as restated
        from marts.fct_kpi_history where brand_id = $brand_id
        group by event_id, version order by event_id desc limit 5
        """,
        brand_id=brand_id,
    )


def revision_facts(
    published: Published, brand_id: str, grain: str, kpis: Sequence[Row], trend: Sequence[Row]
) -> Rows:
    """Values of the told KPIs that a later publication changed, newest first."""
    found = published.rows(
        "fct_kpi_history",
        """
        select h.*, k.name_en, k.name_fa, k.unit
        from (
            select kpi_id, period_start, value, reason, moved_by, version, valid_from, currency_code,
                lag(value) over (partition by kpi_id, period_start order by valid_from, event_id) as before
            from marts.fct_kpi_history
            where brand_id = $brand_id and grain = $grain and segment_type = 'overall'
                and list_contains($kpis, kpi_id) and period_start >= $since
        ) as h
        join marts.dim_kpi as k using (kpi_id)
        where h.reason <> 'new data' and h.before is distinct from h.value
        order by h.valid_from desc, h.period_start desc, h.kpi_id limit 8
        """,
        brand_id=brand_id,
        grain=grain,
        kpis=sorted({kpi["kpi_id"] for kpi in kpis if kpi["segment_type"] == "overall"}),
        since=trend[0]["period_start"],
    )
    labels = {period["period_start"]: period for period in trend}
    return [
        {**row, **{name: labels[row["period_start"]][name] for name in ("label_en", "label_fa")}}
        for row in found
        if row["period_start"] in labels
    ]
