"""What of ``scorecards.yml`` can be computed; the rest is an error of the lint and is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from orchestration.scorecards.catalogue import Catalogue
from orchestration.scorecards.model import Budget, KeyResult, Objective, Scorecard, Target
from orchestration.scorecards.units import unit_problem

WEIGHT_SLACK = 1e-6
"""How far from 1 a sum of weights may be: the rounding of binary fractions, nothing a person writes."""


def target_is_computable(card: Scorecard, target: Target, catalogue: Catalogue, currency: str) -> bool:
    """Whether a verdict can follow from the target."""
    return (
        card.grain is not None
        and target.target is not None
        and target.valid_from is not None
        and unit_problem(target.unit, catalogue.kpis[target.kpi], currency) is None
    )


def key_result_is_computable(result: KeyResult, catalogue: Catalogue, currency: str) -> bool:
    """Whether progress can follow from the key result."""
    return (
        result.baseline is not None
        and result.target is not None
        and unit_problem(result.unit, catalogue.kpis[result.kpi], currency) is None
    )


def weights_are_whole(objective: Objective) -> bool:
    """Whether the weights sum to 1."""
    return abs(sum(result.weight for result in objective.key_results) - 1) <= WEIGHT_SLACK


def objective_is_computable(objective: Objective, catalogue: Catalogue, currency: str) -> bool:
    """Whether weighted progress is defined: every key result counts, or none does."""
    return (
        objective.grain is not None
        and objective.valid_from is not None
        and weights_are_whole(objective)
        and all(key_result_is_computable(result, catalogue, currency) for result in objective.key_results)
    )


def repeated_budgets(budgets: Collection[Budget]) -> frozenset[tuple[str, str, str]]:
    """Brand, channel and month that are planned more than once, so that no amount is the plan."""
    counts = Counter((budget.brand, budget.channel, budget.month) for budget in budgets)
    return frozenset(key for key, count in counts.items() if count > 1)
