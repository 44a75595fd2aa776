"""What a brand of the known company brings along, and which brands there are."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tests.known_company.oracle.cells import Cell, CellKey


@dataclass(frozen=True)
class Surroundings:
    """What a run finds outside its workspace.

    Attributes:
        addresses: of local servers, by the name that :meth:`BrandStory.sources` knows them by.
        environment: variables of the workspace's ``.env``.
        failing: sources that are meant to fail in this run.
    """

    addresses: Mapping[str, str]
    environment: Mapping[str, str]
    failing: frozenset[str] = frozenset()


class BrandStory(Protocol):
    """A module ``tests.known_company.<brand>.story``; runs are numbered 0, 1, 2 as in ``clock.RUNS``.

    Attributes:
        BRAND: the brand's entry under ``brands`` in sanjeh.yml.
        SCORECARDS, OBJECTIVES, BUDGETS: its entries of scorecards.yml.
    """

    BRAND: Mapping[str, Any]
    SCORECARDS: list[dict[str, Any]]
    OBJECTIVES: list[dict[str, Any]]
    BUDGETS: list[dict[str, Any]]

    def sources(self, run: int, addresses: Mapping[str, str]) -> dict[str, dict[str, Any]]:
        """Entries under ``sources`` as they are configured before that run."""

    def write_exports(self, exports: Path, run: int) -> None:
        """Make ``exports/<brand>`` what it is before that run: files added, corrected, deleted."""

    def serving(self, run: int, home: Path) -> AbstractContextManager[Surroundings]:
        """Local servers filled as they are at that run."""

    def answers(self) -> dict[CellKey, Cell]:
        """Every row of the KPI facts after the last run."""


NAMES = ("orion", "nava", "vela", "nava_apis")


def stories(names: tuple[str, ...] = NAMES) -> dict[str, BrandStory]:
    """Stories by brand id."""
    return {name: importlib.import_module(f"tests.known_company.{name}.story") for name in names}
