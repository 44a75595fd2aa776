"""The brand ``orion_apis``: Orion's settings and billing; the rest of Orion comes by API anyway, or isn't asked for here.

Stripe tells of changes for 30 days, so this company has landed every four weeks since it began; a file of changes tells the
same at once. Stripe has no rows that come late and none that are corrected: what it tells is what happened.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from tests.fakes.stripe import KEY, StripeApi
from tests.known_company.brands import Earlier, Surroundings
from tests.known_company.clock import RUNS, START
from tests.known_company.oracle.cells import Cell, CellKey
from tests.known_company.orion import story as orion
from tests.known_company.orion.files import write_rates
from tests.known_company.orion_apis.account import Account
from tests.known_company.orion_apis.answers import BILLING, BRAND_ID, expected
from tests.known_company.orion_apis.answers import tables as expected_tables
from tests.known_company.tables import Table

BRAND: Mapping[str, Any] = {**orion.BRAND, "name": "Orion by APIs", "name_fa": "اوریون با API"}
SCORECARDS: list[dict[str, Any]] = []
OBJECTIVES: list[dict[str, Any]] = []
BUDGETS: list[dict[str, Any]] = []
_FIRST = datetime(START.year, START.month, START.day, 6, tzinfo=UTC) + timedelta(days=21)
_EVERY = timedelta(days=28)


def sources(run: int, addresses: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Stripe, and exchange rates by file; the same in every run."""
    del run
    rates = orion.sources(0, dict.fromkeys(("ga4", "search_console", "hubspot", "hotjar"), ""))["orion_rates"]
    return {
        BILLING: {
            "connector": "stripe", "brand": BRAND_ID, "key_env": "KNOWN_ORION_STRIPE_KEY", "start": START,
            "base_url": addresses["stripe"], "calls_per_second": 100,
        },
        f"{BRAND_ID}_rates": {**rates, "brand": BRAND_ID, "path": f"exports/{BRAND_ID}/rates.csv"},
    }  # fmt: skip


def write_exports(exports: Path, run: int) -> None:
    """Exchange rates."""
    write_rates(exports, run)


@contextmanager
def serving(run: int, home: Path) -> Iterator[Surroundings]:
    """The account, which goes on from landing to landing."""
    del home
    with StripeApi() as api:
        api.checks_contract = False
        account = Account(api)
        yield Surroundings(
            addresses={"stripe": api.base_url},
            environment={"KNOWN_ORION_STRIPE_KEY": KEY},
            earlier=tuple(
                Earlier(clock, frozenset({BILLING}), partial(account.go_on, clock))
                for clock in _landings(run)
            ),
            begin=partial(account.go_on, RUNS[run]),
        )


def answers() -> dict[CellKey, Cell]:
    """Every row of the KPI facts after the last run."""
    return expected()


def tables() -> list[Table]:
    """Recurring revenue by month and how it moved."""
    return expected_tables()


def _landings(run: int) -> Iterator[datetime]:
    """Clocks of the landings since the run before, without the run itself."""
    clock = _FIRST
    while clock < RUNS[run]:
        if run == 0 or clock > RUNS[run - 1]:
            yield clock
        clock += _EVERY
