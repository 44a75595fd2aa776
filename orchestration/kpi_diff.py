"""``sanjeh diff``: what readers saw at two versions, which cells differ, and which source moved them.

Comes in: two events of the ledger. Goes out: one row per cell whose value differs, from ``fct_kpi_history``
of the published file, which knows versions that are no longer kept; and a summary by brand and KPI, the
biggest movers first. A move is measured against the larger of the two values, so that it is comparable over
KPIs: 1 is from or to nothing, 2 a change of sign.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import groupby
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table

from orchestration.errors import LookupFailure
from orchestration.ledger import WITHDRAWN, Event
from orchestration.published_reader import Rows, rows_of
from orchestration.row_output import moment
from orchestration.scorecard_view import format_value

COLUMNS = (
    "brand_id",
    "kpi_id",
    "grain",
    "period_start",
    "label_en",
    "segment_type",
    "segment",
    "change",
    "before",
    "after",
    "difference",
    "move",
    "currency_code",
    "reasons",
    "moved_by",
)
SHOWN_CELLS = 30

_CELLS = f"""
with versions as (
    select *,
        lead(event_id) over (
            partition by brand_id, kpi_id, grain, period_start, segment_type, segment order by event_id
        ) as next_event
    from marts.fct_kpi_history
),
before as (
    select * from versions
    where event_id <= $first and coalesce(next_event > $first, true) and reason <> '{WITHDRAWN}'
),
after as (
    select * from versions
    where event_id <= $second and coalesce(next_event > $second, true) and reason <> '{WITHDRAWN}'
),
between_them as (
    select brand_id, kpi_id, grain, period_start, segment_type, segment,
        list(distinct reason order by reason) as reasons,
        list(distinct moved_by) filter (moved_by is not null) as moved_by
    from versions
    where event_id > least($first, $second) and event_id <= greatest($first, $second)
    group by all
),
differing as (
    select brand_id, kpi_id, grain, period_start, segment_type, segment,
        b.value as before, a.value as after, coalesce(a.currency_code, b.currency_code) as currency_code
    from before as b
    full join after as a using (brand_id, kpi_id, grain, period_start, segment_type, segment)
    where a.value is distinct from b.value
        or a.numerator is distinct from b.numerator or a.denominator is distinct from b.denominator
)
select d.brand_id, d.kpi_id, d.grain, d.period_start, period.label_en, d.segment_type, d.segment,
    case when d.before is null then 'new' when d.after is null then 'gone' else 'changed' end as change,
    d.before, d.after, d.after - d.before as difference,
    coalesce(
        abs(d.after - d.before) / nullif(greatest(abs(d.after), abs(d.before)), 0),
        case when d.before is not null and d.after is not null then 0 end
    ) as move,
    d.currency_code, t.reasons, coalesce(t.moved_by, []) as moved_by,
    brand.name as brand_name, kpi.name_en, kpi.unit
from differing as d
left join between_them as t using (brand_id, kpi_id, grain, period_start, segment_type, segment)
left join marts.dim_brand as brand using (brand_id)
left join marts.dim_kpi as kpi using (kpi_id)
left join marts.dim_period as period
    on brand.calendar_key = period.calendar_key and period.grain = d.grain
        and period.period_start = d.period_start
where coalesce(d.brand_id = $brand_id, true) and coalesce(d.kpi_id = $kpi_id, true)
    and coalesce(d.grain = $grain, true)
order by d.brand_id, d.kpi_id, d.segment_type <> 'overall', move desc nulls last, d.grain, d.period_start,
    d.segment_type, d.segment
"""


def event_of_version(events: Sequence[Event], version: int) -> Event:
    """The publication of a version.

    Raises:
        LookupFailure: it was never published.
    """
    found = [event for event in events if event.version == version and event.kind == "published"]
    if not found:
        known = sorted({event.version for event in events})
        there = f"There are versions {known[0]} to {known[-1]}" if known else "Nothing was published yet"
        raise LookupFailure(
            f"Version {version} was never published. {there}; `sanjeh versions` lists those that are kept."
        )
    return found[-1]


def event_since(events: Sequence[Event], text: str) -> Event:
    """What readers saw at the end of a UTC day, or at an ISO time (UTC unless it says otherwise).

    Raises:
        LookupFailure: it is no day, or nothing was published by then.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise LookupFailure(
            f"--since {text} is neither a day (2026-03-03) nor a time (2026-03-03T09:00)."
        ) from error
    if len(text) <= len("2026-03-03"):
        at = datetime.combine(at.date(), time.min) + timedelta(days=1)
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    seen = [event for event in events if event.published_at <= at]
    if not seen:
        first = (
            f"The first version is of {moment(events[0].published_at)} UTC" if events else "Nothing ever was"
        )
        raise LookupFailure(f"Nothing was published by {text}. {first}.")
    return seen[-1]


def newest(events: Sequence[Event]) -> Event:
    """What readers see now.

    Raises:
        LookupFailure: nothing was published yet.
    """
    if not events:
        raise LookupFailure("Nothing was published yet, so there is nothing to compare. `sanjeh run` does.")
    return events[-1]


def only_version(event: Event) -> str:
    """What to say where readers saw nothing before it."""
    return (
        f"V{_named(event)[1:]} is the first one, so there is nothing before it to compare with. The next "
        "`sanjeh run` that publishes makes a second."
    )


def read_diff(
    con: duckdb.DuckDBPyConnection,
    first: Event,
    second: Event,
    *,
    brand_id: str | None = None,
    kpi_id: str | None = None,
    grain: str | None = None,
) -> Rows:
    """Cells that differ between two events, by brand and KPI, overall before breakdowns, big moves first."""
    parameters: dict[str, object] = {
        "first": first.event_id,
        "second": second.event_id,
        "brand_id": brand_id,
        "kpi_id": kpi_id,
        "grain": grain,
    }
    rows = rows_of(con, _CELLS, parameters)
    for row in rows:
        named = {source for text in row["moved_by"] for source in text.split(", ")}
        row["moved_by"] = sorted(named)
    return rows


def summarise(rows: Sequence[Mapping[str, Any]]) -> Rows:
    """One row per brand and KPI, the biggest movers first.

    ``biggest`` is the cell with the greatest move, an overall one where one moved.
    """
    groups = []
    for (brand_id, kpi_id), group in groupby(rows, key=lambda row: (row["brand_id"], row["kpi_id"])):
        cells = list(group)
        changes = [cell["change"] for cell in cells]
        moved = [cell for cell in cells if cell["move"] is not None]
        groups.append(
            {
                "brand_id": brand_id,
                "kpi_id": kpi_id,
                **{change: changes.count(change) for change in ("changed", "new", "gone")},
                "reasons": sorted({reason for cell in cells for reason in cell["reasons"] or []}),
                "moved_by": sorted({source for cell in cells for source in cell["moved_by"]}),
                "biggest": moved[0] if moved else None,
            }
        )
    return sorted(
        groups,
        key=lambda g: (
            -(g["biggest"]["move"] if g["biggest"] else -1),
            -(g["changed"] + g["new"] + g["gone"]),
            g["brand_id"],
            g["kpi_id"],
        ),
    )


def print_diff(
    console: Console, first: Event, second: Event, rows: Sequence[Mapping[str, Any]], *, cells: bool
) -> None:
    """Summary by brand and KPI and, where asked for, the cells."""
    console.print(
        f"{_named(first)} → {_named(second)}: {len(rows):,} cells differ.", markup=False, soft_wrap=True
    )
    if not rows:
        return
    table = Table()
    for header in (
        "brand",
        "KPI",
        "changed",
        "new",
        "gone",
        "biggest move",
        "before",
        "after",
        "moved by",
        "reason",
    ):
        right = header in {"changed", "new", "gone", "before", "after"}
        table.add_column(header, justify="right" if right else "left", overflow="fold")
    for group in summarise(rows):
        counts = [f"{group[change]:,}" if group[change] else "–" for change in ("changed", "new", "gone")]
        most = group["biggest"]
        shown = [_cell_name(most), *_values(most)] if most else ["–", "–", "–"]
        said = [", ".join(group["moved_by"]) or "–", ", ".join(group["reasons"]) or "–"]
        table.add_row(group["brand_id"], group["kpi_id"], *counts, *shown, *said)
    console.print(table)
    if cells:
        _print_cells(console, rows)


def _print_cells(console: Console, rows: Sequence[Mapping[str, Any]]) -> None:
    table = Table()
    for header in ("brand", "KPI", "cell", "before", "after", "difference", "moved by", "reason"):
        right = header in {"before", "after", "difference"}
        table.add_column(header, justify="right" if right else "left", overflow="fold")
    by_move = sorted(rows, key=lambda r: (r["segment_type"] != "overall", -(r["move"] or 0)))
    for row in by_move[:SHOWN_CELLS]:
        difference = format_value(
            row["difference"], unit=row["unit"], currency=row["currency_code"], lang="en"
        )
        said = [", ".join(row["moved_by"]) or "–", ", ".join(row["reasons"] or []) or "–"]
        table.add_row(row["brand_id"], row["kpi_id"], _cell_name(row), *_values(row), difference, *said)
    console.print(table)
    if len(rows) > SHOWN_CELLS:
        console.print(f"{len(rows) - SHOWN_CELLS:,} more; --format csv lists all.", markup=False)


def _named(event: Event) -> str:
    what = " (rolled back to)" if event.kind == "rolled_back" else ""
    return f"version {event.version}{what} of {moment(event.published_at)} UTC"


def _cell_name(row: Mapping[str, Any]) -> str:
    part = "" if row["segment_type"] == "overall" else f", {row['segment_type']} {row['segment']}"
    return f"{row['label_en'] or row['period_start']}{part}"


def _values(row: Mapping[str, Any]) -> list[str]:
    return [
        format_value(row[side], unit=row["unit"], currency=row["currency_code"], lang="en")
        for side in ("before", "after")
    ]
