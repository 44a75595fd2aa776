"""The worked example of the marketing guide: its verdicts must come out as planted."""

from __future__ import annotations

from collections.abc import Mapping

from tests.known_company.oracle.cells import Cell, CellKey
from tests.known_company.oracle.verdicts import verdicts
from tests.known_company.orion.answers import BRAND
from tests.known_company.orion.plans import SCORECARDS, WORKED_EXAMPLE


def unplanted(cells: Mapping[CellKey, Cell]) -> list[str]:
    """Verdicts of Orion's e-mail campaign that the oracle reckons otherwise."""
    found = verdicts(BRAND, SCORECARDS, cells)
    differing = []
    for (kpi, start), planted in WORKED_EXAMPLE.items():
        said = found.get((SCORECARDS[0]["id"], kpi, start))
        if said is None or said.verdict != planted:
            differing.append(f"orion {kpi} worked example {start}: planted as {planted}, came out as {said}")
    return differing
