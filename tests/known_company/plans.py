"""What the published scorecards, objectives and budgets must hold of a brand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, fields
from datetime import date
from decimal import Decimal
from typing import Any

import jdatetime

from tests.known_company.oracle.budgets import Pacing, pacing
from tests.known_company.oracle.cells import Cell, CellKey
from tests.known_company.oracle.feeds import Answers, Brand
from tests.known_company.oracle.objectives import KeyResult, Progress, key_results, objectives_progress
from tests.known_company.oracle.verdicts import Verdict, verdicts
from tests.known_company.tables import Row, Table

Entries = list[dict[str, Any]]


def scorecard_table(brand: Brand, cells: Mapping[CellKey, Cell], cards: Entries) -> Table:
    """Every verdict."""
    return _table(
        "fct_scorecard",
        ("scorecard_id", "kpi_id", "period_start"),
        Verdict,
        verdicts(brand, cards, cells),
    )


def objective_tables(brand: Brand, cells: Mapping[CellKey, Cell], objectives: Entries) -> list[Table]:
    """Key results and the objectives they make."""
    results = key_results(brand, objectives, cells)
    return [
        _table("fct_okr_key_results", ("objective_id", "position", "period_start"), KeyResult, results),
        _table("fct_okr_progress", ("objective_id", "period_start"), Progress, objectives_progress(results)),
    ]


def budget_table(brand: Brand, answers: Answers, cells: Mapping[CellKey, Cell], budgets: Entries) -> Table:
    """Plan and spend of every channel."""
    planned = {
        (entry["channel"], _first_day(brand, entry["month"])): Decimal(str(entry["amount"]))
        for entry in budgets
    }
    return _table(
        "fct_budget_pacing",
        ("channel_id", "period_start"),
        Pacing,
        pacing(brand, answers, cells, planned),
    )


def _first_day(brand: Brand, month: str) -> date:
    year, number = (int(part) for part in month.split("-"))
    if brand.calendar.kind == "jalali":
        day: date = jdatetime.date(year, number, 1).togregorian()
        return day
    return date(year, number, 1)


def _table(name: str, key: Sequence[str], shape: type, rows: Mapping[Any, Any]) -> Table:
    columns = tuple(field.name for field in fields(shape))
    found: dict[Row, Row] = {place: astuple(row) for place, row in rows.items()}
    return Table(name, tuple(key), columns, found)
