"""Which KPIs the known company tells at which grains, and the stated reasons where it doesn't."""

from __future__ import annotations

from collections.abc import Mapping

from tests.known_company.oracle.catalogue import KPIS
from tests.known_company.oracle.cells import Cell, CellKey
from tests.known_company.oracle.periods import GRAINS

REASONS: dict[tuple[str, str], str] = {}
"""KPI and grain without a value in any brand: why. A reason for what has values is wrong and told."""


def untold(expected: Mapping[CellKey, Cell]) -> list[str]:
    """What is wrong with coverage: KPIs and grains without a value or a reason, and reasons that are not true."""
    told = {(key.kpi_id, key.grain) for key, cell in expected.items() if cell.value is not None}
    every = {(kpi_id, grain) for kpi_id in KPIS for grain in GRAINS}
    return [
        *(
            f"company {kpi} {grain}: no value and no reason"
            for kpi, grain in sorted(every - told - REASONS.keys())
        ),
        *(
            f"company {kpi} {grain}: has values, so the reason is wrong"
            for kpi, grain in sorted(told & REASONS.keys())
        ),
        *(f"company {kpi} {grain}: no such KPI or grain" for kpi, grain in sorted(REASONS.keys() - every)),
    ]
