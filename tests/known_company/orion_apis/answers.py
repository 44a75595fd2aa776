"""What ``orion_apis`` must hold: the oracle's answers to Orion's billing, under this brand's names."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from tests.known_company.clock import START
from tests.known_company.oracle import items as items_oracle
from tests.known_company.oracle import snapshots as snapshots_oracle
from tests.known_company.oracle.cells import Cell, CellKey
from tests.known_company.oracle.feeding import feeds
from tests.known_company.oracle.feeds import Answers
from tests.known_company.oracle.periods import ONE_DAY
from tests.known_company.oracle.spine import cells
from tests.known_company.orion import answers as orion
from tests.known_company.orion import billing
from tests.known_company.orion import tables as orion_tables
from tests.known_company.orion.dice import yesterday
from tests.known_company.tables import Table

BRAND_ID = "orion_apis"
BRAND = replace(orion.BRAND, brand_id=BRAND_ID)
BILLING = f"{BRAND_ID}_billing"
END = yesterday(orion.LAST) + ONE_DAY
"""The day after the last that Stripe has told of."""


def answers() -> Answers:
    """Amounts and feeds of recurring revenue."""
    found = items_oracle.answers(BRAND, BILLING, billing.states(), orion.rates(), first=START, end=END)
    found.feeds = feeds(BILLING, snapshots_oracle.MEASURES, [(START, END)])
    return found


@cache
def expected() -> dict[CellKey, Cell]:
    """Every row of the KPI facts."""
    return cells(BRAND, answers())


def tables() -> list[Table]:
    """Recurring revenue by month and how it moved."""
    return orion_tables.recurring(BRAND, BILLING, END)
