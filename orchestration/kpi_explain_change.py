"""What moved a published value: the largest contributions of its segments, from ``marts.fct_kpi_diagnosis``.

Comes in: a cell. Goes out: one dictionary per comparison (with the period before, with each scorecard's
target), of plain values. Whatever isn't shown is summed: together they make the change.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

import duckdb

from orchestration.kpi_cells import Cell
from orchestration.published_reader import Rows, has_table, rows_of

SHOWN = 3
"""Segments of each breakdown, by the size of their contribution."""

_ROWS = """
select compared_with, scorecard_id, segment_type, segment, before_value, after_value, total_before,
    total_after, total_change, mix_effect, rate_effect, contribution, share_of_change, is_bottleneck,
    is_comparable
from marts.fct_kpi_diagnosis
where brand_id = $brand_id and kpi_id = $kpi_id and grain = $grain and period_start = $period_start
    and (
        (compared_with = 'previous_period' and $segment_type = 'overall')
        or scorecard_id in (
            select scorecard_id from marts.fct_scorecard
            where brand_id = $brand_id and kpi_id = $kpi_id and grain = $grain
                and period_start = $period_start and segment_type = $segment_type and segment = $segment
        )
    )
order by compared_with, scorecard_id nulls first, segment_type = 'parts', segment_type,
    abs(contribution) desc, segment
"""
_COMPARISON = (
    "compared_with",
    "scorecard_id",
    "total_before",
    "total_after",
    "total_change",
    "is_comparable",
)
_SEGMENT = (
    "segment",
    "before_value",
    "after_value",
    "mix_effect",
    "rate_effect",
    "contribution",
    "share_of_change",
    "is_bottleneck",
)


def read_changes(con: duckdb.DuckDBPyConnection, cell: Cell) -> Rows:
    """What explains the cell's change and its gaps to targets; empty where nothing is compared.

    A version published before the table was there explains nothing.
    """
    if not has_table(con, "fct_kpi_diagnosis"):
        return []
    rows = rows_of(con, _ROWS, cell.keys)
    return [
        {
            **dict(zip(_COMPARISON, comparison, strict=True)),
            "breakdowns": [
                _breakdown(segment_type, list(segments))
                for segment_type, segments in groupby(group, key=lambda row: row["segment_type"])
            ],
        }
        for comparison, group in groupby(rows, key=lambda row: tuple(row[name] for name in _COMPARISON))
    ]


def _breakdown(segment_type: str, rows: Rows) -> dict[str, Any]:
    others = rows[SHOWN:]
    return {
        "segment_type": segment_type,
        "segments": [{name: row[name] for name in _SEGMENT} for row in rows[:SHOWN]],
        "other_segments": len(others),
        "contribution_of_others": sum(row["contribution"] for row in others),
    }
