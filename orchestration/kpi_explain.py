"""``sanjeh explain``: what one published value is made of, from the formula down to files and records.

Comes in: a cell. Goes out: one nested dictionary of plain values, the same for the table and for JSON. All
numbers come from the published file (``dim_kpi_inputs``, ``fct_kpi_measures``, ``fct_missing_days``,
``fct_source_changes``); the raw zone adds files and records. The build file is not opened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

import duckdb

from orchestration.errors import LookupFailure
from orchestration.kpi_cells import Cell
from orchestration.kpi_explain_change import read_changes
from orchestration.kpi_status import why
from orchestration.ledger import WITHDRAWN
from orchestration.missing_days import runs_of_days
from orchestration.period_text import fact_of
from orchestration.published_reader import Rows, rows_of
from orchestration.raw_trace import Slice, trace
from orchestration.workspace import Workspace

ACROSS = "(all)"
LoadedDays = dict[tuple[str, str], set[date]]
"""Days by measure and source."""
LOOK_BACK = timedelta(days=366)
"""How far before a period rows may move a measure that is computed per period (trailing 365 days)."""

_INPUTS = """
select * from marts.dim_kpi_inputs
where brand_id = $brand_id and kpi_id = $kpi_id
order by side desc, measure, source_id, connector, stream
"""
_AMOUNTS = """
select m.measure, m.source_id, m.additivity, m.period_start, m.amount
from marts.fct_kpi_measures as m
where m.brand_id = $brand_id
    and m.measure in (
        select measure from marts.dim_kpi_inputs where brand_id = $brand_id and kpi_id = $kpi_id
    )
    and (
        (m.additivity = 'additive' and m.period_start >= $start and m.period_start < $end)
        or (m.additivity <> 'additive' and m.grain = $grain and m.period_start = $start)
    )
order by m.period_start, m.measure, m.source_id
"""
_MISSING = """
select source_id, measure, missing_date, is_overdue from marts.fct_missing_days
where brand_id = $brand_id and missing_date >= $start and missing_date < $end
    and (source_id, measure) in (
        select (source_id, measure) from marts.dim_kpi_inputs where brand_id = $brand_id and kpi_id = $kpi_id
    )
order by source_id, measure, missing_date
"""
_LOADED = """
select period_start as day, days_loaded > 0 as is_loaded, days_expected > 0 as is_expected
from marts.fct_kpi_daily
where brand_id = $brand_id and kpi_id = $kpi_id and segment_type = 'overall'
    and period_start >= $start and period_start < $end
"""
_SLICES = f"""
select distinct c.source_id, c.connector, c.stream, c.slice, c.content_hash, c.window_start, c.window_end,
    c.row_count, c.load_id
from marts.fct_source_changes as c
inner join marts.dim_kpi_inputs as i
    on c.source_id = i.source_id and c.connector = i.connector and c.stream = i.stream
where i.brand_id = $brand_id and i.kpi_id = $kpi_id
    and c.valid_to is null and c.reason <> '{WITHDRAWN}'
    and coalesce(
        c.window_start < $end
        and c.window_end > case when i.additivity = 'additive' then $start else $look_back end,
        true
    )
order by c.source_id, c.connector, c.stream, c.window_start, c.slice
"""


def read_explanation(con: duckdb.DuckDBPyConnection, workspace: Workspace, cell: Cell) -> dict[str, Any]:
    """What the cell's value is made of.

    Raises:
        LookupFailure: the KPI tables have no row for the cell.
        RawZoneError: a manifest is damaged.
    """
    row = _row(con, cell)
    parameters = {
        "brand_id": cell.brand["brand_id"],
        "kpi_id": cell.kpi["kpi_id"],
        "grain": cell.period.grain,
        "start": cell.period.start,
        "end": cell.period.end,
        "look_back": cell.period.start - LOOK_BACK,
    }
    inputs = _asked(con, _INPUTS, parameters)
    if cell.segment_type == "source":
        inputs = [each for each in inputs if each["source_id"] == cell.segment]
    amounts = _amounts(con, parameters, cell)
    lacking = _asked(con, _MISSING, parameters)
    if cell.segment_type == "source":
        lacking = [each for each in lacking if each["source_id"] == cell.segment]
    missing = runs_of_days(lacking, of=("source_id", "measure"))
    last = min(cell.period.end - timedelta(days=1), cell.brand["as_of_date"])
    loaded = _loaded(inputs, missing, _asked(con, _LOADED, parameters), first=cell.period.start, through=last)
    slices = [Slice(**each) for each in _asked(con, _SLICES, parameters)]
    if cell.segment_type == "source":
        slices = [each for each in slices if each.source_id == cell.segment]
    has_parts = cell.segment_type in {"overall", "source"}
    parts = _parts(inputs, amounts, loaded) if has_parts else []
    asked = {part["measure"] for part in parts if part["additivity"] != "additive"}
    asked |= {each["measure"] for each in amounts}
    unknown = sorted({part["measure"] for part in parts if part["amount"] is None} & asked)
    [publication] = rows_of(con, "select version, published_at, as_of, run_id from marts.publication")
    return {
        "title": cell.title,
        **cell.keys,
        "period_end": cell.period.end,
        "unit": cell.kpi["unit"],
        "value": row["value"],
        "numerator": row["numerator"],
        "denominator": row["denominator"],
        "scale": cell.kpi["scale"],
        "currency_code": row["currency_code"],
        "basis": row["basis"],
        "formula": cell.kpi["formula_en"],
        "edge_cases": cell.kpi["edge_cases_en"],
        "status": row["status"],
        "why": why(cell, row, inputs, missing, unknown=unknown),
        "days_loaded": row["days_loaded"],
        "days_expected": row["days_expected"],
        "loaded_through": row["loaded_through"],
        "missing_days": missing,
        "sample_size": row["sample_size"],
        "publication": publication,
        "changes": read_changes(con, cell),
        "parts": parts,
        "days": _days(inputs, amounts, missing, loaded, first=cell.period.start, through=last)
        if has_parts
        else [],
        "raw": [
            asdict(each)
            for each in trace(
                workspace,
                slices,
                first=cell.period.start,
                end=cell.period.end,
                timezone=cell.brand["timezone"],
            )
        ],
    }


def _row(con: duckdb.DuckDBPyConnection, cell: Cell) -> dict[str, Any]:
    keys = {name: value for name, value in cell.keys.items() if name != "grain"}
    found = rows_of(
        con,
        f"""
        select * from {fact_of(cell.period.grain)}
        where brand_id = $brand_id and kpi_id = $kpi_id and period_start = $period_start
            and segment_type = $segment_type and segment = $segment
        """,
        keys,
    )
    if found:
        return found[0]
    del keys["period_start"]
    [there] = rows_of(
        con,
        f"""
        select min(period_start) as first, max(period_start) as last from {fact_of(cell.period.grain)}
        where brand_id = $brand_id and kpi_id = $kpi_id
            and segment_type = $segment_type and segment = $segment
        """,
        keys,
    )
    span = (
        f"There are {cell.period.grain}s from {there['first']} to {there['last']} (first days)"
        if there["first"]
        else f"There is no {cell.period.grain} of it at all"
    )
    raise LookupFailure(
        f"{cell.title} is not in {fact_of(cell.period.grain)}: KPIs have rows from their first loaded day to "
        f"the last run. {span}."
    )


def _amounts(con: duckdb.DuckDBPyConnection, parameters: Mapping[str, Any], cell: Cell) -> Rows:
    """Amounts of the period. Where one was computed across sources, those of single sources are left out."""
    amounts = _asked(con, _AMOUNTS, parameters)
    if cell.segment_type == "source":
        return [each for each in amounts if each["source_id"] == cell.segment]
    across = {each["measure"] for each in amounts if each["source_id"] == ACROSS}
    return [each for each in amounts if each["source_id"] == ACROSS or each["measure"] not in across]


def _asked(con: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, Any]) -> Rows:
    """Rows of a query that may use some of the parameters."""
    return rows_of(con, sql, {name: value for name, value in parameters.items() if f"${name}" in sql})


def _loaded(
    inputs: Sequence[Mapping[str, Any]],
    missing: Sequence[Mapping[str, Any]],
    told: Sequence[Mapping[str, Any]],
    *,
    first: date,
    through: date,
) -> LoadedDays:
    """The loaded days of each measure and source: those on which no row means 0.

    Args:
        inputs: rows of ``dim_kpi_inputs``, with first and last loaded day.
        missing: runs of missing days.
        told: what the KPI's own rows by day say; a day that isn't expected may be one without a load.
        first: first day that is asked about.
        through: the last one.
    """
    by_day = {each["day"]: each for each in told}
    lacking = {
        (run["measure"], run["source_id"], day)
        for run in missing
        for day in _each_day(run["first_day"], run["last_day"])
    }
    sources: dict[str, set[str]] = {}
    for each in inputs:
        sources.setdefault(each["measure"], set()).add(each["source_id"])
    loaded: LoadedDays = {}
    for each in inputs:
        key = (each["measure"], each["source_id"])
        is_alone = len(sources[each["measure"]]) == 1
        days = loaded.setdefault(key, set())
        for day in _each_day(max(first, each["first_date"]), through):
            said = by_day.get(day)
            # Beside another source, one that has ended is asked about no day any more.
            is_loaded = said is not None and said["is_loaded"] and is_alone
            is_within = day <= each["last_date"] and (said is None or said["is_expected"])
            if (*key, day) not in lacking and (is_loaded or is_within):
                days.add(day)
    return loaded


def _each_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _parts(
    inputs: Sequence[Mapping[str, Any]], amounts: Sequence[Mapping[str, Any]], loaded: LoadedDays
) -> Rows:
    """One row per side, measure and source, with what it adds to its side.

    Without a row an additive amount is 0 where a day of it is loaded, else unknown.
    """
    sums: dict[tuple[str, str], list[Decimal | None]] = {}
    for each in amounts:
        sums.setdefault((each["measure"], each["source_id"]), []).append(each["amount"])
    parts: Rows = []
    for (side, measure), group in groupby(inputs, key=lambda each: (each["side"], each["measure"])):
        feeding = list(group)
        fed_by = sorted({each["source_id"] for each in feeding})
        streams = sorted({f"{each['connector']}/{each['stream']}" for each in feeding})
        sources = [ACROSS] if (measure, ACROSS) in sums else fed_by
        first = feeding[0]
        for source_id in sources:
            values = sums.get((measure, source_id))
            amount = None
            if values is not None and None not in values:
                amount = sum((value for value in values if value is not None), Decimal(0))
            elif values is None and first["additivity"] == "additive" and loaded.get((measure, source_id)):
                amount = Decimal(0)
            parts.append(
                {
                    "side": side,
                    "measure": measure,
                    "source_id": source_id,
                    "fed_by": fed_by,
                    "streams": streams,
                    "weight": first["weight"],
                    "additivity": first["additivity"],
                    "unit": first["unit"],
                    "amount": amount,
                    "adds": None if amount is None else amount * first["weight"],
                }
            )
    return parts


def _days(
    inputs: Sequence[Mapping[str, Any]],
    amounts: Sequence[Mapping[str, Any]],
    missing: Sequence[Mapping[str, Any]],
    loaded: LoadedDays,
    *,
    first: date,
    through: date,
) -> Rows:
    """One row per day up to ``through``, with an amount of every additive measure.

    A loaded day without a row is 0; an amount is None where its measure lacks the day or no load covers it.
    """
    measures = sorted({each["measure"] for each in inputs if each["additivity"] == "additive"})
    if not measures:
        return []
    known = {(measure, day) for (measure, _), there in loaded.items() for day in there}
    known |= {(each["measure"], each["period_start"]) for each in amounts}
    days: dict[date, dict[str, Any]] = {
        day: {measure: Decimal(0) if (measure, day) in known else None for measure in measures}
        for day in _each_day(first, through)
    }
    for each in amounts:
        day = days.get(each["period_start"])
        if day is not None and each["measure"] in day:
            before, amount = day[each["measure"]], each["amount"]
            day[each["measure"]] = None if before is None or amount is None else before + amount
    for run in missing:
        for date_ in _each_day(run["first_day"], run["last_day"]):
            day = days.get(date_)
            if day is not None and run["measure"] in day:
                day[run["measure"]] = None
    return [{"day": day, **days[day]} for day in sorted(days)]
