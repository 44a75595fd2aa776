"""Published explanations of changes beside the oracle's: that they add up, and that each segment's part is right."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tests.known_company.compare import Outcome
from tests.known_company.oracle.cells import Cell, CellKey
from tests.known_company.oracle.diagnosis import changes, gaps
from tests.known_company.orion import answers as orion
from tests.known_company.orion.story import SCORECARDS

TOLERANCE = 1e-9
"""What sums and effects may differ, relative to the greatest of both values and the sizes of all contributions."""
RECKONED = ("month", "quarter")
"""Grains at which every effect is reckoned again; sums are checked at all."""

Key = tuple[str, str, str, str, str, str]
"""Brand, KPI, grain, start of the period, segment type, segment."""

_GROUPS = """
select brand_id, kpi_id, grain, period_start::varchar, compared_with, scorecard_id, segment_type,
    sum(contribution), min(total_change), max(total_change), min(total_before), min(total_after),
    greatest(max(abs(total_before)), max(abs(total_after)), sum(abs(contribution)))
from marts.fct_kpi_diagnosis
group by all
order by all
"""
_EFFECTS = """
select brand_id, kpi_id, grain, period_start::varchar, segment_type, segment, mix_effect, rate_effect,
    greatest(abs(total_before), abs(total_after), abs(contribution))
from marts.fct_kpi_diagnosis
where compared_with = ? and grain in (select unnest(?::varchar[]))
"""


@dataclass(frozen=True)
class Sums:
    """Groups of contributions (a comparison and segment type is one), and how well they add up.

    Attributes:
        groups: how many there are.
        largest: the greatest difference between sum and change, relative as :data:`TOLERANCE` is.
        differing: groups beyond the tolerance, and changes that have none.
    """

    groups: int
    largest: float
    differing: list[str]


def differences(published: Path, expected: Mapping[CellKey, Cell]) -> Outcome:
    """Check every group's sum against the oracle's change, and every monthly and quarterly effect.

    The note says how many groups there are and how far the worst is off.
    """
    brands = {key.brand_id for key in expected}
    with duckdb.connect(str(published), read_only=True) as connection:
        sums = _sums(connection, expected, brands)
        compared, differing = sums.groups, list(sums.differing)
        reckoned = {key: (each.mix, each.rate) for key, each in changes(expected, RECKONED)}
        pairs = [(reckoned, _effects(connection, "previous_period", brands, RECKONED))]
        if "orion" in brands:
            cards = [card for card in SCORECARDS if card["grain"] in RECKONED and "segment" not in card]
            owed = dict(gaps(orion.BRAND, cards, expected))
            pairs.append(
                (
                    {key: (0.0, gap) for key, gap in owed.items()},
                    _effects(connection, "target", {"orion"}, RECKONED),
                )
            )
    for ours, theirs in pairs:
        compared += 2 * len(ours.keys() | theirs.keys())
        differing += _unequal(ours, theirs)
    line = f"diagnosis: {sums.groups:,} groups of contributions, largest relative residue {sums.largest:.1e}"
    return Outcome(compared, differing, [line])


def _sums(connection: duckdb.DuckDBPyConnection, expected: Mapping[CellKey, Cell], brands: set[str]) -> Sums:
    changed = {
        (key.brand_id, key.kpi_id, key.grain, key.period_start): (cell.previous, cell.value)
        for key, cell in expected.items()
        if key.segment_type == "overall" and cell.value is not None and cell.previous is not None
    }
    unexplained = set(changed)
    groups, largest, differing = 0, 0.0, []
    for (
        brand,
        kpi,
        grain,
        start,
        against,
        card,
        kind,
        total,
        low,
        high,
        before,
        after,
        size,
    ) in connection.execute(_GROUPS).fetchall():
        if brand not in brands:
            continue
        groups += 1
        name = f"{brand} {kpi} {grain} {start} {against} {card or ''} {kind}"
        if size:
            largest = max(largest, abs(total - low) / size)
        if not abs(total - low) <= TOLERANCE * size or low != high:
            differing.append(f"{name}: contributions sum to {total}, the change is {low} to {high}")
        if against != "previous_period":
            continue
        unexplained.discard((brand, kpi, grain, start))
        told = changed.get((brand, kpi, grain, start))
        if told is None or not all(
            math.isclose(ours or 0.0, theirs, rel_tol=1e-12)
            for ours, theirs in zip(told, (before, after), strict=True)
        ):
            differing.append(f"{name}: explains {before} to {after}, should be {told}")
    differing += [f"{' '.join(key)}: a change that nothing explains" for key in sorted(unexplained)]
    return Sums(groups, largest, differing)


def _effects(
    connection: duckdb.DuckDBPyConnection, compared_with: str, brands: set[str], grains: tuple[str, ...]
) -> dict[Key, tuple[float, float, float]]:
    rows = connection.execute(_EFFECTS, [compared_with, list(grains)]).fetchall()
    return {tuple(row[:6]): (row[6], row[7], row[8]) for row in rows if row[0] in brands}


def _unequal(
    ours: Mapping[Key, tuple[float, float]], theirs: Mapping[Key, tuple[float, float, float]]
) -> Iterator[str]:
    for key in sorted(ours.keys() | theirs.keys()):
        name = " ".join((*key[:4], "diagnosis", *key[4:]))
        if key not in ours or key not in theirs:
            where = "missing" if key in ours else "not expected"
            yield f"{name}: {where}, {ours.get(key) or theirs.get(key)}"
            continue
        *found, size = theirs[key]
        for what, should, is_ in zip(("mix", "rate"), ours[key], found, strict=True):
            if not abs(should - is_) <= TOLERANCE * size:
                yield f"{name}: {what} effect should be {should!r}, is {is_!r}"
