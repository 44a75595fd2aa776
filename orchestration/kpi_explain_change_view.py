"""What moved a value, as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.table import Table

from orchestration.row_output import number
from orchestration.scorecard_view import format_change, format_value

_HEADERS = ("by", "segment", "before", "after", "added", "of the change", "")


def change_tables(said: Mapping[str, Any]) -> Iterator[Table]:
    """One table per comparison: the largest contributions of each breakdown, and the others' sum."""
    for change in said["changes"]:
        title = f"{_against(change)}: {_signed(change['total_change'], said)}"
        before, after = (
            format_value(change[name], unit=said["unit"], currency=said["currency_code"], lang="en")
            for name in ("total_before", "total_after")
        )
        caveat = (
            ""
            if change["is_comparable"]
            else "; not comparable (a value is late, immature, of few cases or of a part of its period)"
        )
        table = Table(
            title=f"{title}, from {before} to {after}{caveat}", title_justify="left", title_style="bold"
        )
        for place, header in enumerate(_HEADERS):
            table.add_column(header, justify="right" if place in {2, 3, 4, 5} else "left", overflow="fold")
        for breakdown in change["breakdowns"]:
            _add_rows(table, breakdown, said)
        yield table


def _against(change: Mapping[str, Any]) -> str:
    if change["compared_with"] == "target":
        return f"against the target of {change['scorecard_id']}"
    return "since the period before"


def _add_rows(table: Table, breakdown: Mapping[str, Any], said: Mapping[str, Any]) -> None:
    by = breakdown["segment_type"]
    for row in breakdown["segments"]:
        before, after = (
            number(row[name])
            if by == "parts"
            else format_value(row[name], unit=said["unit"], currency=said["currency_code"], lang="en")
            for name in ("before_value", "after_value")
        )
        share = row["share_of_change"]
        table.add_row(
            by,
            row["segment"],
            before,
            after,
            _signed(row["contribution"], said),
            "–" if share is None else f"{share * 100:,.1f} %",
            "bottleneck" if row["is_bottleneck"] else "",
        )
    if breakdown["other_segments"]:
        others = f"{breakdown['other_segments']:,} more"
        table.add_row(by, others, "", "", _signed(breakdown["contribution_of_others"], said), "", "")


def _signed(value: float, said: Mapping[str, Any]) -> str:
    return format_change(value, unit=said["unit"], currency=said["currency_code"], lang="en")
