"""What other published tables must hold of ``nava_apis``: what they hold of ``nava``, plans by this brand's own cells."""

from __future__ import annotations

from dataclasses import replace

from tests.known_company import plans
from tests.known_company.nava import tables as nava
from tests.known_company.nava.plans import BUDGETS as NAVA_BUDGETS
from tests.known_company.nava.plans import OBJECTIVES as NAVA_OBJECTIVES
from tests.known_company.nava.plans import SCORECARDS as NAVA_SCORECARDS
from tests.known_company.nava.story import sources
from tests.known_company.nava_apis.answers import BRAND, answers, expected
from tests.known_company.nava_apis.names import own, own_plans, own_source
from tests.known_company.tables import Table

SCORECARDS, OBJECTIVES, BUDGETS = map(own_plans, (NAVA_SCORECARDS, NAVA_OBJECTIVES, NAVA_BUDGETS))


def tables() -> list[Table]:
    """All of them."""
    return [
        *(_renamed(table) for table in nava.facts()),
        plans.scorecard_table(BRAND, expected(), SCORECARDS),
        *plans.objective_tables(BRAND, expected(), OBJECTIVES),
        plans.budget_table(BRAND, answers(), expected(), BUDGETS),
    ]


def _renamed(table: Table) -> Table:
    where = table.where
    for source in sources(0, {}):
        where = where.replace(f"'{source}'", f"'{own(source)}'")
    rows = {tuple(map(own_source, key)): tuple(map(own_source, row)) for key, row in table.rows.items()}
    return replace(table, rows=rows, where=where)
