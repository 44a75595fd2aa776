"""Vela's story: settings and files at each of the three runs, and the expected answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from tests.known_company.brands import Surroundings
from tests.known_company.clickstream import Site, landed, write_export
from tests.known_company.clock import AS_OF
from tests.known_company.oracle import clickstream
from tests.known_company.oracle.campaigns import Campaigns
from tests.known_company.oracle.cells import Cell, CellKey
from tests.known_company.oracle.feeds import Answers, Brand
from tests.known_company.oracle.periods import Calendar
from tests.known_company.oracle.spine import cells

SITE = Site(
    word="vela",
    zone="America/New_York",
    property_id="411",
    first=date(2025, 1, 1),
    crowd=9,
    missing=frozenset({date(2025, 4, 3), date(2025, 12, 24)}),
    late=frozenset({date(2025, 9, 30)}),
    rewritten=frozenset({date(2025, 9, 28), date(2025, 9, 29)}),
)
EVENTS = "vela_events"
BRAND: Mapping[str, Any] = {
    "name": "Vela",
    "name_fa": "ولا",
    "timezone": SITE.zone,
    "currency": "USD",
    "week_start": "sunday",
}
SCORECARDS: list[dict[str, Any]] = []
OBJECTIVES: list[dict[str, Any]] = []
BUDGETS: list[dict[str, Any]] = []
ORACLE = Brand(
    brand_id="vela",
    timezone=SITE.zone,
    currency="USD",
    calendar=Calendar(week_start="sunday"),
    as_of=AS_OF,
)


def sources(run: int, addresses: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Entries under ``sources`` of sanjeh.yml."""
    return {
        EVENTS: {
            "connector": "ga4_events",
            "brand": "vela",
            "path": "exports/vela/events/*.jsonl.gz",
            "timezone": SITE.zone,
            "expect": "none",
        }
    }


def write_exports(exports: Path, run: int) -> None:
    """Files as they lie there before a run."""
    write_export(SITE, exports / "events", run)


@contextmanager
def serving(run: int, home: Path) -> Iterator[Surroundings]:
    """Vela has files only."""
    yield Surroundings(addresses={}, environment={})


def answers() -> dict[CellKey, Cell]:
    """Every row of the KPI facts after the last run."""
    return cells(ORACLE, amounts())


def amounts() -> Answers:
    """Amounts and feeds of every family."""
    events, loaded = landed(SITE)
    found = clickstream.traffic(ORACLE, EVENTS, events, loaded)
    _campaigns(events).rename(found)
    return found


def _campaigns(events: list[Any]) -> Campaigns:
    """Campaign names of sessions, by the day they begin."""
    found = Campaigns()
    for session in clickstream.sessions(clickstream.counted(events)).values():
        found.see(session.campaign, session.day)
    return found
