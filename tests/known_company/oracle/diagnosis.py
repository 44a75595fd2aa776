"""What explains a change of a KPI or its gap to a target, on the oracle's own cells; docs/decisions/0012.

All arithmetic is on exact fractions; a float is made of each result at the end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import groupby, pairwise
from typing import Any

from tests.known_company.oracle.catalogue import KPIS, MEASURES, Kpi
from tests.known_company.oracle.cells import OVERALL, Cell, CellKey
from tests.known_company.oracle.feeds import Brand

CREDITED = frozenset({"new_customers"})
"""Measures that are reckoned across sources and yet credited to channels and campaigns in parts that add up."""
UNRECONCILED = frozenset({"(unreconciled)"})
"""What a vendor's breakdown leaves of its own total; alone it is no breakdown."""
LAST_DIGIT = Fraction(1, 10**10)
"""What a whole may differ from its segments, relatively, because each side was stored with six decimals."""

Pair = tuple[Fraction, Fraction]
"""Numerator and denominator; the denominator is 0 where there is none."""
NOTHING: Pair = (Fraction(0), Fraction(0))
Members = Mapping[str, Mapping[str, Cell]]
"""Cells of one KPI and period by segment type and segment."""


@dataclass(frozen=True)
class Effect:
    """What a segment added to the change, in the KPI's unit."""

    mix: float
    rate: float


def changes(
    cells: Mapping[CellKey, Cell], grains: tuple[str, ...]
) -> Iterator[tuple[tuple[str, str, str, str, str, str], Effect]]:
    """Effects by brand, KPI, grain, start of the period, segment type and segment, against the period before."""
    for (brand_id, kpi_id, grain), periods in _by_kpi(cells, grains):
        for (_, before), (start, after) in pairwise(periods):
            for (segment_type, segment), effect in _of_change(KPIS[kpi_id], before, after):
                yield (brand_id, kpi_id, grain, start, segment_type, segment), effect


def gaps(
    brand: Brand, cards: list[dict[str, Any]], cells: Mapping[CellKey, Cell]
) -> Iterator[tuple[tuple[str, str, str, str, str, str], float]]:
    """Contributions to the gap between value and target of KPIs for which higher is better, keyed as changes are.

    Args:
        brand: whose scorecards they are.
        cards: entries of scorecards.yml, about whole KPIs.
        cells: rows of the KPI facts.
    """
    for card in cards:
        targets = {entry["kpi"]: entry for entry in card["kpis"]}
        for (brand_id, kpi_id, grain), periods in _by_kpi(cells, (card["grain"],)):
            if brand_id != brand.brand_id or kpi_id not in targets:
                continue
            for (_, before), (start, after) in pairwise(periods):
                first = date.fromisoformat(start)
                cell = after["overall"]["all"]
                if start < targets[kpi_id]["valid_from"] or cell.value is None or cell.status == "low_sample":
                    continue
                period = brand.calendar.period(grain, first)
                target = Fraction(str(targets[kpi_id]["target"]))
                if not KPIS[kpi_id].denominator:
                    assert cell.loaded_through, "What has a value was told of"
                    days = (period.end - period.start).days
                    target *= Fraction(min((cell.loaded_through - first).days + 1, days), days)
                for (segment_type, segment), gap in _of_gap(KPIS[kpi_id], before, after, target):
                    yield (brand_id, kpi_id, grain, start, segment_type, segment), gap


def _by_kpi(
    cells: Mapping[CellKey, Cell], grains: tuple[str, ...]
) -> Iterator[tuple[tuple[str, str, str], list[tuple[str, Members]]]]:
    """Periods that have a row for the whole, in order: such rows are gapless."""
    members: dict[tuple[str, str, str, str], dict[str, dict[str, Cell]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for key, cell in cells.items():
        if key.grain in grains:
            kpi_and_period = (key.brand_id, key.kpi_id, key.grain, key.period_start)
            members[kpi_and_period][key.segment_type][key.segment] = cell
    for kpi, keys in groupby(sorted(members), key=lambda key: key[:3]):
        yield kpi, [(key[3], members[key]) for key in keys if "overall" in members[key]]


def _of_change(kpi: Kpi, before: Members, after: Members) -> Iterator[tuple[tuple[str, str], Effect]]:
    old, new = before["overall"]["all"], after["overall"]["all"]
    if old.value is None or new.value is None:
        return
    whole = (_pair(old), _pair(new))
    broken_down = False
    for segment_type in _breakdowns(kpi, before, after):
        pairs = _with_rest(before.get(segment_type, {}), after.get(segment_type, {}), whole)
        if pairs is None:
            continue
        broken_down = True
        for segment, (first, second) in pairs.items():
            if kpi.denominator:
                mix, rate = _mix_and_rate(first, second, *whole)
            else:
                mix, rate = Fraction(0), second[0] - first[0]
            yield (segment_type, segment), Effect(float(kpi.scale * mix), float(kpi.scale * rate))
    (n0, d0), (n1, d1) = whole
    if not kpi.denominator:
        d0 = d1 = Fraction(1)
    if not broken_down:
        yield OVERALL, Effect(0.0, float(kpi.scale * (n1 / d1 - n0 / d0)))
    if kpi.denominator:
        yield ("parts", "numerator"), Effect(0.0, float(kpi.scale * (n1 - n0) * (1 / d0 + 1 / d1) / 2))
        yield ("parts", "denominator"), Effect(0.0, float(kpi.scale * (n0 + n1) * (1 / d1 - 1 / d0) / 2))


def _mix_and_rate(first: Pair, second: Pair, before: Pair, after: Pair) -> tuple[Fraction, Fraction]:
    """Effects of a segment that went from ``first`` to ``second`` while the whole went from ``before`` to ``after``."""
    (n0, d0), (n1, d1) = first, second
    share0, share1 = d0 / before[1], d1 / after[1]
    middle = (before[0] / before[1] + after[0] / after[1]) / 2
    added = n1 / after[1] - n0 / before[1]
    if d0 and d1:
        return (
            (share1 - share0) * ((n0 / d0 + n1 / d1) / 2 - middle),
            (share0 + share1) / 2 * (n1 / d1 - n0 / d0),
        )
    if d0 or d1:
        return added - (share1 - share0) * middle, Fraction(0)
    return Fraction(0), added


def _of_gap(
    kpi: Kpi, before: Members, after: Members, target: Fraction
) -> Iterator[tuple[tuple[str, str], float]]:
    old, (n1, d1) = _pair(before["overall"]["all"]), _pair(after["overall"]["all"])
    for segment_type in _breakdowns(kpi, before, after):
        pairs = _with_rest(before.get(segment_type, {}), after.get(segment_type, {}), (old, (n1, d1)))
        assert pairs, "The known company's cards have a breakdown in every month"
        for segment, (first, second) in pairs.items():
            if not kpi.denominator:
                yield (segment_type, segment), float(second[0] - target * first[0] / old[0])
            elif second != NOTHING:
                yield (segment_type, segment), float((second[0] - target * second[1]) / d1)
    if kpi.denominator:
        owed = target * old[1]
        yield ("parts", "numerator"), float((n1 - owed) * (1 / old[1] + 1 / d1) / 2)
        yield ("parts", "denominator"), float((owed + n1) * (1 / d1 - 1 / old[1]) / 2)


def _breakdowns(kpi: Kpi, before: Members, after: Members) -> list[str]:
    """Segment types whose segments add up to the whole."""
    counted_once = {measure for measure in kpi.measures if MEASURES[measure].rule != "sum"}
    found = sorted((before.keys() | after.keys()) - {"overall"})
    if not counted_once:
        return found
    return [name for name in found if name in {"channel", "campaign"} and counted_once <= CREDITED]


def _with_rest(
    before: Mapping[str, Cell], after: Mapping[str, Cell], whole: tuple[Pair, Pair]
) -> dict[str, tuple[Pair, Pair]] | None:
    """Both sides of every segment; None where one period doesn't know the breakdown."""
    for side, total in zip((before, after), whole, strict=True):
        if not side.keys() - UNRECONCILED and total != NOTHING:
            return None
    pairs = {
        segment: (
            _pair(before[segment]) if segment in before else NOTHING,
            _pair(after[segment]) if segment in after else NOTHING,
        )
        for segment in sorted(before.keys() | after.keys())
    }
    rest = tuple(
        tuple(whole[side][part] - sum(pair[side][part] for pair in pairs.values()) for part in (0, 1))
        for side in (0, 1)
    )
    if any(abs(rest[side][part]) > LAST_DIGIT * abs(whole[side][part]) for side in (0, 1) for part in (0, 1)):
        (n0, d0), (n1, d1) = rest
        pairs["(rest)"] = ((n0, d0), (n1, d1))
    return pairs


def _pair(cell: Cell) -> Pair:
    return _fraction(cell.numerator), _fraction(cell.denominator)


def _fraction(amount: Decimal | None) -> Fraction:
    return Fraction(amount or 0)
