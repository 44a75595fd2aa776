"""The status of a KPI value in words: why it is what it is, and when that changes.

The rules are those of ``dbt_project/macros/kpi_fact.sql``; this only says which of them held.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from orchestration.kpi_cells import Cell


def why(
    cell: Cell,
    row: Mapping[str, Any],
    inputs: Sequence[Mapping[str, Any]],
    missing: Sequence[Mapping[str, Any]],
    *,
    unknown: Sequence[str] = (),
) -> str:
    """One or two sentences about the status of ``row``.

    Args:
        cell: which value.
        row: its row in the KPI table.
        inputs: rows of ``dim_kpi_inputs`` of the KPI.
        missing: runs of missing days within the period.
        unknown: measures of which an amount in the period is unknown.
    """
    match row["status"]:
        case "not_loaded":
            said = _not_loaded(row, inputs, missing, unknown)
        case "stale":
            overdue = [each for each in missing if each["is_overdue"]]
            late = f": {_days(overdue)}" if overdue else ", or a count at its end points is too old"
            said = f"Days that should be here by now are missing{late}. Nothing is estimated for them."
        case "no_denominator":
            said = f"The denominator ({cell.kpi['denominator_measure']}) is 0: there is nothing to divide by."
        case "low_sample":
            said = (
                f"The sample is {row['sample_size']:,}, below the {cell.kpi['minimum_sample']:,} that this "
                "KPI needs to be judged."
            )
        case "immature":
            said = _immature(cell, row)
        case "provisional":
            said = _provisional(cell, inputs)
        case _:
            said = "The period is over and every source behind it has settled."
    return said


def _not_loaded(
    row: Mapping[str, Any],
    inputs: Sequence[Mapping[str, Any]],
    missing: Sequence[Mapping[str, Any]],
    unknown: Sequence[str],
) -> str:
    if not row["days_loaded"]:
        lacking = f" Missing: {_days(missing)}." if missing else ""
        return (
            f"No day of the period is loaded from every source it needs; that is unknown, not zero.{lacking}"
        )
    names = ", ".join(unknown) or "a measure"
    has_money = any(each["unit"] == "money" and each["measure"] in unknown for each in inputs)
    reason = (
        "an exchange rate is missing (the run warns of it and names the day)"
        if has_money
        else "the source's rows lack it, or no count was taken near the period's ends"
    )
    return f"Days are loaded, but {names} is unknown: {reason}. An unknown amount is never left out of a sum."


def _immature(cell: Cell, row: Mapping[str, Any]) -> str:
    cohort = cell.kpi["cohort_days"]
    as_of = cell.brand["as_of_date"]
    if cohort and cell.period.end + timedelta(days=cohort) > as_of:
        mature = cell.period.end + timedelta(days=cohort)
        return f"A cohort is followed for {cohort} days after its period, so it is mature on {mature}."
    return (
        "The window it looks back on reaches before the first loaded day, so the history is too short; "
        f"{row['days_loaded']} of {row['days_expected']} days of the period itself are loaded."
    )


def _provisional(cell: Cell, inputs: Sequence[Mapping[str, Any]]) -> str:
    days = max((each["final_after_days"] for each in inputs), default=0)
    slowest = sorted({each["source_id"] for each in inputs if each["final_after_days"] == days})
    extra = cell.kpi["extra_finality_days"]
    settled = cell.period.end + timedelta(days=days + extra + 1)
    if cell.period.end > cell.brand["as_of_date"]:
        over = f"The period isn't over before {cell.period.end}"
    else:
        over = "The period is over"
    return (
        f"{over}; numbers of {', '.join(slowest)} may change for {days + extra} days after their day, so the "
        f"value is final from {settled} at the latest."
    )


def _days(ranges: Sequence[Mapping[str, Any]]) -> str:
    by_source: dict[str, dict[str, None]] = {}
    for each in ranges:
        first, last = each["first_day"], each["last_day"]
        by_source.setdefault(each["source_id"], {})[f"{first}" if first == last else f"{first} to {last}"] = (
            None
        )
    return "; ".join(f"{source_id} {', '.join(runs)}" for source_id, runs in by_source.items())
