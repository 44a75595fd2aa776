"""Progress of objectives; kpi-formulas.md, "OKR progress", with the corrections of kpi-catalogue.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.known_company.oracle.cells import Cell, CellKey
from tests.known_company.oracle.feeds import Brand
from tests.known_company.oracle.periods import Period
from tests.known_company.oracle.watched import Watch


@dataclass(frozen=True)
class KeyResult:
    """A key result in a period; names are those of ``fct_okr_key_results``."""

    period_end: date
    kpi_id: str
    segment_type: str
    segment: str
    baseline: float
    target: float
    weight: float
    actual: float | None
    progress: float | None
    status: str
    loaded_through: date | None
    share_elapsed: float | None


@dataclass(frozen=True)
class Progress:
    """An objective in a period; names are those of ``fct_okr_progress``."""

    period_end: date
    key_results: int
    key_results_without_data: int
    weight_with_data: float
    share_without_data: float
    progress: float | None
    expected_progress: float | None
    is_latest: bool


def key_results(
    brand: Brand, objectives: list[dict[str, Any]], cells: Mapping[CellKey, Cell]
) -> dict[tuple[str, int, date], KeyResult]:
    """Key results by objective, position and first day of the period."""
    watch = Watch(brand, cells)
    found: dict[tuple[str, int, date], KeyResult] = {}
    for objective in objectives:
        for period in _periods(brand, objective):
            for position, each in enumerate(objective["key_results"], start=1):
                segment = (each.get("segment_type", "overall"), each.get("segment", "all"))
                seen = watch.see(each["kpi"], segment, period)
                is_cost = each["target"] < each["baseline"]
                in_vain = is_cost and seen.status == "no_denominator" and (seen.numerator or 0) > 0
                found[objective["id"], position, period.start] = KeyResult(
                    period.end,
                    each["kpi"],
                    *segment,
                    each["baseline"],
                    each["target"],
                    each["weight"],
                    seen.value,
                    0.0 if in_vain else progress(seen.value, each["baseline"], each["target"]),
                    seen.status,
                    seen.loaded_through,
                    seen.share,
                )
    return found


def progress(actual: float | None, baseline: float, target: float) -> float | None:
    """Share of the way from baseline to target, 0 to 1; where there is no way, whether more than the target is there."""
    if actual is None:
        return None
    if target == baseline:
        return 1.0 if actual >= target else 0.0
    return min(1.0, max(0.0, (actual - baseline) / (target - baseline)))


def objectives_progress(
    results: Mapping[tuple[str, int, date], KeyResult],
) -> dict[tuple[str, date], Progress]:
    """Objectives by id and first day of the period."""
    found: dict[tuple[str, date], Progress] = {}
    for objective in sorted({objective for objective, _, _ in results}):
        starts = sorted({start for name, _, start in results if name == objective})
        of_start = {
            start: [each for (name, _, first), each in results.items() if (name, first) == (objective, start)]
            for start in starts
        }
        told = [start for start in starts if any(each.progress is not None for each in of_start[start])]
        for start, each in of_start.items():
            found[objective, start] = _progress(each, is_latest=start == (told or starts)[-1])
    return found


def _progress(of_period: list[KeyResult], *, is_latest: bool) -> Progress:
    known = [each for each in of_period if each.progress is not None]
    weight = sum(each.weight for each in known)
    return Progress(
        of_period[0].period_end,
        len(of_period),
        len(of_period) - len(known),
        weight,
        1 - weight / sum(each.weight for each in of_period),
        sum(each.weight * (each.progress or 0) for each in known) / weight if weight else None,
        sum(each.weight * (each.share_elapsed or 0) for each in known) / weight if weight else None,
        is_latest,
    )


def _periods(brand: Brand, objective: dict[str, Any]) -> Iterator[Period]:
    first = date.fromisoformat(objective["valid_from"])
    last = min(brand.today, date.fromisoformat(objective.get("valid_to", brand.today.isoformat())))
    for period in brand.calendar.periods(objective["grain"], first, last):
        if period.start >= first:
            yield period
