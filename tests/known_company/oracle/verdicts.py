"""Verdicts of scorecards; kpi-formulas.md, "Targets", with the corrections of kpi-catalogue.md, and design section 8.

The target known on the first day of a period holds for all of it. The verdict compares actual and target, never
attainment; a total that still runs is judged by its pace, the share of the period that has elapsed by the newest loaded day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.known_company.oracle.cells import Cell, CellKey
from tests.known_company.oracle.feeds import Brand
from tests.known_company.oracle.periods import Period
from tests.known_company.oracle.watched import Seen, Watch, is_total

MAY_BE_NEGATIVE = frozenset(
    {
        *("revenue", "marketing_roi", "marketing_roi_revenue_basis", "roas", "nps", "net_new_followers"),
        "content_shares",
    }
)
"""KPIs whose attainment is reckoned from the baseline."""


@dataclass(frozen=True)
class Verdict:
    """What a scorecard says of a KPI in a period; names are those of ``fct_scorecard``."""

    period_end: date
    position: int
    actual: float | None
    target: float
    target_upper: float | None
    direction: str
    baseline: float | None
    tolerance: float | None
    attainment: float | None
    pace: float | None
    gap: float | None
    target_at_pace: float | None
    verdict: str
    previous_verdict: str | None
    previous_value: float | None
    year_ago_value: float | None
    status: str
    is_provisional: bool
    loaded_through: date | None
    is_latest: bool


Judged = dict[tuple[str, str, date], Verdict]


def verdicts(brand: Brand, cards: list[dict[str, Any]], cells: Mapping[CellKey, Cell]) -> Judged:
    """Verdicts by scorecard, KPI and first day of the period.

    Args:
        brand: whose scorecards they are.
        cards: entries of scorecards.yml; without ``direction`` higher is better.
        cells: rows of the KPI facts.
    """
    watch = Watch(brand, cells)
    found: Judged = {}
    for card in cards:
        segment = (card.get("segment_type", "overall"), card.get("segment", "all"))
        for kpi_id in dict.fromkeys(entry["kpi"] for entry in card["kpis"]):
            told = {
                period: (position, entry, watch.see(kpi_id, segment, period))
                for period, position, entry in _targets(brand, card, kpi_id)
            }
            said = {
                period: _verdict(kpi_id, entry, seen, period) for period, (_, entry, seen) in told.items()
            }
            latest = _latest(told, said)
            for period, (position, entry, seen) in told.items():
                before = said.get(brand.calendar.before(period))
                found[card["id"], kpi_id, period.start] = _judged(
                    kpi_id,
                    period,
                    position,
                    entry,
                    seen,
                    said=(said[period], before),
                    is_latest=period == latest,
                )
    return found


def _targets(brand: Brand, card: dict[str, Any], kpi_id: str) -> Iterator[tuple[Period, int, dict[str, Any]]]:
    """Periods with the newest target that was known when they began."""
    versions = [
        (date.fromisoformat(entry["valid_from"]), position, entry)
        for position, entry in enumerate(card["kpis"], start=1)
        if entry["kpi"] == kpi_id
    ]
    for period in brand.calendar.periods(card["grain"], min(first for first, _, _ in versions), brand.today):
        known = [version for version in versions if version[0] <= period.start]
        if known:
            _, position, entry = max(known, key=lambda version: version[0])
            yield period, position, entry


def _latest(
    told: Mapping[Period, tuple[int, dict[str, Any], Seen]], said: Mapping[Period, str]
) -> Period | None:
    judged = [period for period, verdict in said.items() if verdict != "no_data"]
    loaded = [period for period, (_, _, seen) in told.items() if seen.loaded_through is not None]
    return max(judged or loaded, default=None)


def _judged(
    kpi_id: str,
    period: Period,
    position: int,
    entry: dict[str, Any],
    seen: Seen,
    *,
    said: tuple[str, str | None],
    is_latest: bool,
) -> Verdict:
    return Verdict(
        period_end=period.end,
        position=position,
        actual=seen.value,
        target=entry["target"],
        target_upper=entry.get("target_upper"),
        direction=_direction(entry),
        baseline=entry.get("baseline"),
        tolerance=entry.get("tolerance"),
        attainment=attainment(kpi_id, entry, seen.value),
        pace=_pace(kpi_id, entry, seen),
        gap=_gap(entry, seen.value),
        target_at_pace=entry["target"] * seen.share if is_total(kpi_id) and seen.share is not None else None,
        verdict=said[0],
        previous_verdict=said[1],
        previous_value=seen.previous,
        year_ago_value=seen.year_ago,
        status=seen.status,
        is_provisional=seen.status == "provisional",
        loaded_through=seen.loaded_through,
        is_latest=is_latest,
    )


def _direction(entry: dict[str, Any]) -> str:
    return str(entry.get("direction", "higher"))


def _gap(entry: dict[str, Any], actual: float | None) -> float | None:
    if actual is None:
        return None
    if _direction(entry) != "range":
        return actual - float(entry["target"])
    return actual - min(max(actual, entry["target"]), entry["target_upper"])


def attainment(kpi_id: str, entry: dict[str, Any], actual: float | None) -> float | None:
    """How much of the target is there; None where that would divide by zero."""
    if actual is None:
        return None
    target, direction = float(entry["target"]), _direction(entry)
    if direction == "range":
        return _within(actual, _gap(entry, actual) or 0.0)
    if not target or kpi_id in MAY_BE_NEGATIVE:
        return _from_baseline(actual, target, entry.get("baseline"), direction)
    over, under = (actual, target) if direction == "higher" else (target, actual)
    return over / under if under else None


def _within(actual: float, distance: float) -> float | None:
    """1 in the range, else 1 minus the distance to the nearer bound over that bound."""
    bound = actual - distance
    if distance == 0:
        return 1.0
    return max(0.0, 1 - abs(distance / bound)) if bound else None


def _from_baseline(actual: float, target: float, baseline: float | None, direction: str) -> float | None:
    if baseline is None:
        return None
    if target == baseline:
        return 1.0 if (actual >= target if direction == "higher" else actual <= target) else 0.0
    return (actual - baseline) / (target - baseline)


def _pace(kpi_id: str, entry: dict[str, Any], seen: Seen) -> float | None:
    if not is_total(kpi_id) or seen.value is None or not seen.share or not entry["target"]:
        return None
    return float(seen.value / (entry["target"] * seen.share))


def _verdict(kpi_id: str, entry: dict[str, Any], seen: Seen, period: Period) -> str:
    direction, actual = _direction(entry), seen.value
    if seen.status == "low_sample":
        return "low_sample"
    if actual is None:
        in_vain = direction == "lower" and seen.status == "no_denominator" and (seen.numerator or 0) > 0
        return "below_target" if in_vain else "no_data"
    distance = _gap(entry, actual) or 0.0
    is_met = {"higher": distance >= 0, "lower": distance <= 0, "range": distance == 0}[direction]
    is_running = is_total(kpi_id) and seen.status != "final" and _is_before_end(seen, period)
    pace = _pace(kpi_id, entry, seen)
    if is_running and direction == "range" and seen.share is not None:
        part = entry["target_upper"] * seen.share
        if part < actual <= entry["target_upper"]:
            return "behind_pace"
    if is_running and direction != "lower" and distance < 0:
        return "on_pace" if pace is not None and pace >= 1 else "behind_pace"
    if is_running and direction == "lower" and is_met:
        return "behind_pace" if pace is not None and pace > 1 else "on_pace"
    return "on_target" if is_met else "below_target"


def _is_before_end(seen: Seen, period: Period) -> bool:
    return seen.loaded_through is not None and (period.end - seen.loaded_through).days > 1
