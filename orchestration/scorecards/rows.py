"""Control rows of scorecards, objectives and budgets; what can't be computed is left out."""

from __future__ import annotations

from collections.abc import Mapping

from orchestration.scorecards.catalogue import Catalogue, load_catalogue, load_channels
from orchestration.scorecards.computable import (
    objective_is_computable,
    repeated_budgets,
    target_is_computable,
)
from orchestration.scorecards.model import Plans
from orchestration.scorecards.reader import PlanBrand

Row = tuple[object, ...]


def plan_rows(plans: Plans, brands: Mapping[str, PlanBrand]) -> dict[str, list[Row]]:
    """Rows of ``scorecards``, ``targets``, ``objectives``, ``key_results`` and ``budgets``."""
    catalogue = load_catalogue()
    return {
        **_scorecard_rows(plans, brands, catalogue),
        **_objective_rows(plans, brands, catalogue),
        "budgets": _budget_rows(plans),
    }


def _scorecard_rows(
    plans: Plans, brands: Mapping[str, PlanBrand], catalogue: Catalogue
) -> dict[str, list[Row]]:
    cards: list[Row] = []
    targets: list[Row] = []
    for card in plans.scorecards:
        if card.grain is None:
            continue
        cards.append(
            (
                card.id,
                card.brand,
                card.name,
                card.name_fa,
                card.goal.value,
                card.grain.value,
                card.campaign_type,
                card.brand_stage,
                card.owner,
                card.team,
                card.segment_type,
                card.segment,
            )
        )
        targets += [
            (
                card.id,
                card.brand,
                target.kpi,
                position,
                target.target,
                target.target_upper,
                target.direction.value if target.direction else None,
                target.baseline,
                target.tolerance,
                target.valid_from,
            )
            for position, target in enumerate(card.kpis, start=1)
            if target_is_computable(card, target, catalogue, brands[card.brand].currency)
        ]
    return {"scorecards": cards, "targets": targets}


def _objective_rows(
    plans: Plans, brands: Mapping[str, PlanBrand], catalogue: Catalogue
) -> dict[str, list[Row]]:
    objectives: list[Row] = []
    results: list[Row] = []
    for objective in plans.objectives:
        if not objective_is_computable(objective, catalogue, brands[objective.brand].currency):
            continue
        objectives.append(
            (
                objective.id,
                objective.brand,
                objective.name,
                objective.name_fa,
                objective.grain.value if objective.grain else None,
                objective.owner,
                objective.team,
                objective.valid_from,
                objective.valid_to,
            )
        )
        results += [
            (
                objective.id,
                objective.brand,
                position,
                result.kpi,
                result.segment_type,
                result.segment,
                catalogue.kpis[result.kpi].direction.value,
                result.baseline,
                result.target,
                result.weight,
            )
            for position, result in enumerate(objective.key_results, start=1)
        ]
    return {"objectives": objectives, "key_results": results}


def _budget_rows(plans: Plans) -> list[Row]:
    channels = frozenset(load_channels())
    repeated = repeated_budgets(plans.budgets)
    return [
        (budget.brand, budget.channel, budget.month_start, budget.amount)
        for budget in plans.budgets
        if budget.channel in channels and (budget.brand, budget.channel, budget.month) not in repeated
    ]
