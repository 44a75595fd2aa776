"""What a brand of the known company brings along, and which brands there are."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from tests.known_company.oracle.cells import Cell, CellKey


def _nothing() -> None:
    """Nothing happens meanwhile."""


@dataclass(frozen=True)
class Earlier:
    """A landing before a run.

    Attributes:
        clock: its clock.
        sources: what lands.
        begin: brings the servers to that moment.
    """

    clock: datetime
    sources: frozenset[str]
    begin: Callable[[], None]


@dataclass(frozen=True)
class Surroundings:
    """What a run finds outside its workspace.

    Attributes:
        addresses: of local servers, by the name that :meth:`BrandStory.sources` knows them by.
        environment: variables of the workspace's ``.env``.
        failing: sources that are meant to fail in this run.
        earlier: landings since the run before, by their clocks.
        begin: brings the servers to the run itself.
    """

    addresses: Mapping[str, str]
    environment: Mapping[str, str]
    failing: frozenset[str] = frozenset()
    earlier: tuple[Earlier, ...] = ()
    begin: Callable[[], None] = _nothing


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


NAMES = ("orion", "nava", "vela", "nava_apis", "orion_apis")


def stories(names: tuple[str, ...] = NAMES) -> dict[str, BrandStory]:
    """Stories by brand id."""
    return {name: importlib.import_module(f"tests.known_company.{name}.story") for name in names}
