"""Scorecards, objectives and budgets: what ``scorecards.yml`` says, and the KPI ids it may use.

``model`` is what the file may hold, ``catalogue`` the KPIs; ``units`` and ``months`` turn what people write
into the KPI's own unit and the brand's calendar; ``reader`` reads and resolves the file, ``computable`` says
what of it can be computed, and ``rows`` tells the SQL.
"""

from orchestration.scorecards.catalogue import Catalogue, CatalogueKpi, load_catalogue
from orchestration.scorecards.model import (
    Budget,
    Direction,
    Goal,
    Grain,
    KeyResult,
    Objective,
    Plans,
    Scorecard,
    Target,
)
from orchestration.scorecards.reader import PlanBrand, load_plans

__all__ = [
    "Budget",
    "Catalogue",
    "CatalogueKpi",
    "Direction",
    "Goal",
    "Grain",
    "KeyResult",
    "Objective",
    "PlanBrand",
    "Plans",
    "Scorecard",
    "Target",
    "load_catalogue",
    "load_plans",
]
