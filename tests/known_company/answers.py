"""The expected answers: every row of the KPI facts of the known company after its last run."""

from __future__ import annotations

from tests.known_company.brands import NAMES, stories
from tests.known_company.oracle.cells import Cell, CellKey

__all__ = ["Cell", "CellKey", "expected"]


def expected(brands: tuple[str, ...] = NAMES) -> dict[CellKey, Cell]:
    """Rows of all four KPI facts, reckoned without the project's code."""
    found: dict[CellKey, Cell] = {}
    for story in stories(brands).values():
        found |= story.answers()
    return found
