"""``sanjeh history``: every value ever published of one cell, and what changed at the sources each time.

Comes in: a cell. Goes out: rows of ``fct_kpi_history``, oldest first, each with the slices that were added,
replaced or removed in the version that brought it, of the sources that history names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table

from orchestration.errors import LookupFailure
from orchestration.kpi_cells import Cell
from orchestration.ledger import BASELINE, WITHDRAWN
from orchestration.period_text import fact_of
from orchestration.published_reader import Rows, rows_of
from orchestration.row_output import moment, number
from orchestration.scorecard_view import format_value

COLUMNS = (
    "brand_id",
    "kpi_id",
    "grain",
    "period_start",
    "segment_type",
    "segment",
    "valid_from",
    "valid_to",
    "value",
    "numerator",
    "denominator",
    "currency_code",
    "reason",
    "moved_by",
    "changed_slices",
    "status",
    "days_loaded",
    "loaded_through",
    "version",
    "run_id",
    "superseded_by_version",
    "superseded_by_run_id",
)
SHOWN_SLICES = 3

_VALUES = """
select * from marts.fct_kpi_history
where brand_id = $brand_id and kpi_id = $kpi_id and grain = $grain and period_start = $period_start
    and segment_type = $segment_type and segment = $segment
order by event_id
"""
_SLICES = f"""
select distinct c.event_id, c.source_id, c.connector, c.stream, c.slice, c.reason
from marts.fct_source_changes as c
left join marts.dim_kpi_inputs as i
    on c.source_id = i.source_id and c.connector = i.connector and c.stream = i.stream
        and i.brand_id = $brand_id and i.kpi_id = $kpi_id
where c.reason <> '{BASELINE}'
    and (
        i.kpi_id is null
        or not i.is_dated
        or (c.window_start <= $period_end and c.window_end >= $period_start)
    )
order by c.source_id, c.connector, c.stream, c.slice
"""


def read_history(con: duckdb.DuckDBPyConnection, cell: Cell) -> Rows:
    """Rows with the names of :data:`COLUMNS`, oldest first.

    Raises:
        LookupFailure: the cell never had a value; the paragraph says which periods have one.
    """
    values = rows_of(con, _VALUES, cell.keys)
    if not values:
        raise LookupFailure(never_published(con, cell))
    span = {
        "brand_id": cell.brand["brand_id"],
        "kpi_id": cell.kpi["kpi_id"],
        "period_start": cell.period.start,
        "period_end": cell.period.end,
    }
    changed = rows_of(con, _SLICES, span)
    for row in values:
        moved_by = (row["moved_by"] or "").split(", ")
        row["changed_slices"] = [
            f"{change['source_id']} {change['connector']}/{change['stream']} {change['slice']} "
            f"({'removed' if change['reason'] == WITHDRAWN else change['reason']})"
            for change in changed
            if change["event_id"] == row["event_id"] and change["source_id"] in moved_by
        ]
        if row["reason"] == WITHDRAWN:
            row["status"] = row["value"] = None
    return [{name: row[name] for name in COLUMNS} for row in values]


def never_published(con: duckdb.DuckDBPyConnection, cell: Cell) -> str:
    """Why a cell has no history, and which periods have one."""
    keys = cell.keys
    del keys["period_start"]
    [there] = rows_of(
        con,
        """
        select min(period_start) as first, max(period_start) as last, count(distinct period_start) as periods
        from marts.fct_kpi_history
        where brand_id = $brand_id and kpi_id = $kpi_id and grain = $grain
            and segment_type = $segment_type and segment = $segment
        """,
        keys,
    )
    now = con.execute(
        f"""
        select status from {fact_of(cell.period.grain)}
        where brand_id = $brand_id and kpi_id = $kpi_id and period_start = $period_start
            and segment_type = $segment_type and segment = $segment
        """,
        {name: value for name, value in cell.keys.items() if name != "grain"},
    ).fetchone()
    said = f"{cell.title} never had a value" + (f"; its status is {now[0]}" if now else "")
    if not there["periods"]:
        return (
            f"{said}. No {cell.period.grain} of it had one; `sanjeh explain` says of a period with a status "
            "what is missing, `sanjeh scorecard` shows what there is."
        )
    return (
        f"{said}. {there['periods']} {cell.period.grain}s of it had one, from {there['first']} to "
        f"{there['last']} (first days)."
    )


def print_history(console: Console, cell: Cell, rows: Sequence[Mapping[str, Any]]) -> None:
    """A table, newest last, and what changed at the sources."""
    table = Table(title=cell.title, title_justify="left", title_style="bold")
    right = {"value", "numerator", "denominator", "version", "days"}
    headers = ("published (UTC)", "until", "value", "numerator", "denominator", "reason", "moved by")
    for header in (*headers, "status then", "days", "version", "run"):
        table.add_column(header, justify="right" if header in right else "left", overflow="fold")
    for row in rows:
        table.add_row(
            moment(row["valid_from"]),
            moment(row["valid_to"]) if row["valid_to"] else "now",
            format_value(row["value"], unit=cell.kpi["unit"], currency=row["currency_code"], lang="en"),
            number(row["numerator"]),
            number(row["denominator"]),
            row["reason"],
            row["moved_by"] or "–",
            row["status"] or "–",
            str(row["days_loaded"] if row["days_loaded"] is not None else "–"),
            str(row["version"]),
            row["run_id"][:8],
        )
    console.print(table)
    for row in rows:
        slices = row["changed_slices"]
        if slices:
            more = f" and {len(slices) - SHOWN_SLICES} more" if len(slices) > SHOWN_SLICES else ""
            said = "; ".join(slices[:SHOWN_SLICES])
            console.print(f"version {row['version']}: {said}{more}", markup=False, soft_wrap=True)
