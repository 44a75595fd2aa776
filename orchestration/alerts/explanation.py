"""What explains a missed target, from ``fct_kpi_diagnosis`` where the published file has it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import duckdb

from orchestration.alerts.decide import ALERT, Decision
from orchestration.published_reader import has_table, rows_of

SHOWN = 3
_QUERY = """
    select compared_with, segment_type, segment, cast(contribution as double) as contribution
    from marts.fct_kpi_diagnosis
    where
        brand_id = $brand_id and kpi_id = $kpi_id and grain = $grain and period_start = $period_start
        and is_bottleneck and segment_type not in ('overall', 'parts')
        and (scorecard_id is null or scorecard_id = $scorecard_id)
    order by compared_with = 'target' desc, abs(contribution) desc, segment_type, segment
"""


def explained(con: duckdb.DuckDBPyConnection, decisions: list[Decision]) -> list[Decision]:
    """The decisions, alerts with the segments that pushed hardest to the bad side as ``explained``."""
    if not has_table(con, "fct_kpi_diagnosis"):
        return decisions
    return [_with_parts(con, each) if each.kind == ALERT else each for each in decisions]


def _with_parts(con: duckdb.DuckDBPyConnection, decision: Decision) -> Decision:
    subject = decision.subject
    if subject is None:
        return decision
    rows = rows_of(
        con,
        _QUERY,
        {
            "brand_id": subject.brand_id,
            "kpi_id": subject.kpi_id,
            "grain": subject.grain,
            "period_start": decision.period_start,
            "scorecard_id": subject.scorecard_id,
        },
    )
    # Contributions to the gap and contributions to the change since the period before don't mix.
    parts: list[dict[str, Any]] = [row for row in rows if row["compared_with"] == rows[0]["compared_with"]]
    return replace(decision, facts={**decision.facts, "explained": parts[:SHOWN]}) if parts else decision
