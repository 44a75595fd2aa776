"""Published KPI facts beside the oracle's answers, cell by cell."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import duckdb

from tests.known_company.oracle.cells import Cell, CellKey

FACTS = {"day": "daily", "week": "weekly", "month": "monthly", "quarter": "quarterly"}
RELATIVE = 1e-12
SHOWN_PER_KPI = 50


@dataclass(frozen=True)
class Outcome:
    """How many cells were compared (a row's numerator is one, and so on), and which differ.

    Attributes:
        notes: lines to print in any case.
    """

    compared: int
    differing: list[str]
    notes: list[str] = field(default_factory=list)


def differences(published: Path, expected: Mapping[CellKey, Cell]) -> Outcome:
    """Compare every row of the brands that ``expected`` speaks of; a row that only one side has differs."""
    found = read(published, {key.brand_id for key in expected})
    compared = 0
    differing: list[str] = []
    for key in sorted(found.keys() | expected.keys()):
        ours, theirs = expected.get(key), found.get(key)
        compared += 9 if key.segment_type == "overall" else 7
        if ours is None or theirs is None:
            differing.append(
                f"{_name(key)}: {'not expected' if ours is None else 'missing'}, {ours or theirs}"
            )
            continue
        differing += [f"{_name(key)}: {what}" for what in _unequal(key, ours, theirs)]
    return Outcome(compared, differing)


def read(published: Path, brands: set[str]) -> dict[CellKey, Cell]:
    """Rows of the KPI facts of some brands."""
    rows: dict[CellKey, Cell] = {}
    with duckdb.connect(str(published), read_only=True) as connection:
        for grain, suffix in FACTS.items():
            query = (
                "select brand_id, kpi_id, period_start::varchar, segment_type, segment, numerator, denominator, value, "
                "status, days_loaded, days_expected, previous_value, year_ago_value, loaded_through "
                f"from marts.fct_kpi_{suffix}"
            )
            for brand, kpi, start, segment_type, segment, *cell in connection.execute(query).fetchall():
                if brand in brands:
                    rows[CellKey(brand, kpi, grain, start, segment_type, segment)] = Cell(*cell)
    return rows


def lines(differing: list[str]) -> Iterator[str]:
    """The first differences of each KPI, and how many more there are."""
    by_kpi: dict[str, list[str]] = defaultdict(list)
    for each in differing:
        by_kpi[" ".join(each.split(" ", 2)[:2])].append(each)
    for kpi, texts in by_kpi.items():
        yield from texts[:SHOWN_PER_KPI]
        if len(texts) > SHOWN_PER_KPI:
            yield f"{kpi}: {len(texts) - SHOWN_PER_KPI:,} more"


def _name(key: CellKey) -> str:
    return f"{key.brand_id} {key.kpi_id} {key.grain} {key.period_start} {key.segment_type}={key.segment}"


def _unequal(key: CellKey, ours: Cell, theirs: Cell) -> Iterator[str]:
    for part in ("numerator", "denominator"):
        left, right = getattr(ours, part), getattr(theirs, part)
        if left != right:
            yield f"{part} should be {_text(left)}, is {_text(right)}"
    is_ratio = ours.denominator is not None
    if not _same(ours.value, theirs.value, exact=not is_ratio):
        yield f"value should be {ours.value!r}, is {theirs.value!r}"
    for part in ("previous", "year_ago"):
        left, right = getattr(ours, part), getattr(theirs, part)
        if not _same(left, right, exact=False):
            yield f"{part} value should be {left!r}, is {right!r}"
    days = ("days_loaded", "days_expected") if key.segment_type == "overall" else ()
    for part in ("status", "loaded_through", *days):
        left, right = getattr(ours, part), getattr(theirs, part)
        if left != right:
            yield f"{part} should be {left}, is {right}"


def _same(ours: float | None, theirs: float | None, *, exact: bool) -> bool:
    if ours is None or theirs is None:
        return ours is theirs
    return ours == theirs or (not exact and math.isclose(ours, theirs, rel_tol=RELATIVE, abs_tol=0.0))


def _text(amount: Decimal | None) -> str:
    return "unknown" if amount is None else f"{amount.normalize():f}"
