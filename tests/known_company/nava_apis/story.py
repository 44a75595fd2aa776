"""The brand ``nava_apis``: ``nava``'s settings and happenings, by servers where there is a connector, else by file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.known_company.brands import Surroundings
from tests.known_company.nava import story as nava
from tests.known_company.nava.exports import put
from tests.known_company.nava_apis.answers import expected
from tests.known_company.nava_apis.names import BRAND_ID, own
from tests.known_company.nava_apis.tables import BUDGETS, OBJECTIVES, SCORECARDS, tables
from tests.known_company.nava_apis.vendors import REPLACED, VENDORS
from tests.known_company.oracle.cells import Cell, CellKey

__all__ = ["BUDGETS", "OBJECTIVES", "SCORECARDS", "tables"]
BRAND: Mapping[str, Any] = {**nava.BRAND, "name": "Nava by APIs", "name_fa": "نوا با API"}
_FILES = tuple(family for family in nava.FAMILIES if family not in REPLACED)


def sources(run: int, addresses: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Sources of ``nava`` by file, and in place of some the vendors' own."""
    instead = {source for vendor in VENDORS for source in vendor.INSTEAD_OF}
    by_file = {name: each for name, each in nava.sources(run, {}).items() if name not in instead}
    found = {
        own(name): {**each, "path": each["path"].replace("/nava/", f"/{BRAND_ID}/")}
        for name, each in by_file.items()
    }
    for vendor in VENDORS:
        found |= {own(name): each for name, each in vendor.sources(run, addresses).items()}
    return {name: {**each, "brand": BRAND_ID} for name, each in found.items()}


def write_exports(exports: Path, run: int) -> None:
    """Drop what of that run comes by file."""
    for family in (*_FILES, *VENDORS):
        put(exports, family.drops(run))


@contextmanager
def serving(run: int, home: Path) -> Iterator[Surroundings]:
    """Every vendor's server as it stands at a run."""
    with ExitStack() as servers:
        opened = [vendor.open_server(run, home, servers) for vendor in VENDORS]
        yield Surroundings(
            addresses={name: address for each in opened for name, address in each.addresses.items()},
            environment={name: value for each in opened for name, value in each.environment.items()},
        )


def answers() -> dict[CellKey, Cell]:
    """Every row of the KPI facts after the last run."""
    return expected()
