"""Verdicts of a scorecard on the oracle's own cells; kpi-formulas.md, "Targets", and design section 8.

A target holds for periods that begin on its ``valid_from`` or later. The verdict compares actual and target; a total that
is still running is judged by its pace, the share of the period that has elapsed by the newest loaded day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.known_company.oracle.catalogue import KPIS, MEASURES
from tests.known_company.oracle.cells import OVERALL, Cell, CellKey
from tests.known_company.oracle.feeds import Brand


@dataclass(frozen=True)
class Verdict:
    """What a scorecard says of a KPI in a period."""

    actual: float | None
    target: float
    verdict: str


def verdicts(
    brand: Brand,
    cards: list[dict[str, Any]],
    cells: Mapping[CellKey, Cell],
    loaded_through: Mapping[str, date],
) -> Iterator[tuple[tuple[str, str, str], Verdict]]:
    """Verdicts by scorecard, KPI and start of the period, of KPIs for which higher is better.

    Args:
        brand: whose scorecards they are.
        cards: entries of scorecards.yml.
        cells: rows of the KPI facts.
        loaded_through: newest loaded day of each KPI.
    """
    for card in cards:
        for entry in card["kpis"]:
            first, kpi_id = date.fromisoformat(entry["valid_from"]), entry["kpi"]
            for period in brand.calendar.periods(card["grain"], first, brand.today):
                if period.start < first:
                    continue
                key = CellKey(brand.brand_id, kpi_id, card["grain"], period.start.isoformat(), *OVERALL)
                cell = cells[key]
                actual = None if cell.status == "low_sample" else cell.value
                days = (period.end - period.start).days
                elapsed = (min(loaded_through[kpi_id], period.end) - period.start).days + 1
                said = _verdict(kpi_id, cell.status, actual, entry["target"], elapsed=elapsed, days=days)
                yield (card["id"], kpi_id, period.start.isoformat()), Verdict(actual, entry["target"], said)


def _verdict(
    kpi_id: str, status: str | None, actual: float | None, target: float, *, elapsed: int, days: int
) -> str:
    if status == "low_sample":
        return "low_sample"
    if actual is None:
        return "no_data"
    if actual >= target:
        return "on_target"
    is_total = not KPIS[kpi_id].denominator and all(
        MEASURES[measure].additivity == "additive" for measure in KPIS[kpi_id].measures
    )
    if is_total and elapsed < days:
        return "on_pace" if elapsed > 0 and actual / (target * elapsed / days) >= 1 else "behind_pace"
    return "below_target"
