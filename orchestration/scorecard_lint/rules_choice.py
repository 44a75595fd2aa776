"""Rules about which KPIs a scorecard holds: how many, for which goal, vanity or business."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from orchestration.scorecard_lint.context import LintContext, label
from orchestration.scorecard_lint.finding import Hit, Severity, rule
from orchestration.scorecards.catalogue import Catalogue, CatalogueKpi
from orchestration.scorecards.model import Goal

FEWEST, MOST = 3, 5
_NAMED = 6
"""Proposals that a remedy names at most."""


def suitable(kpi: CatalogueKpi, goal: Goal) -> bool:
    """Whether a scorecard of ``goal`` gains by ``kpi``: it serves the goal and is no vanity metric."""
    return kpi.serves(goal) and not kpi.is_vanity(goal)


def is_business(kpi: CatalogueKpi, goal: Goal) -> bool:
    """Whether ``kpi`` measures the goal itself: core for it, and no vanity metric."""
    return goal in kpi.goals and not kpi.is_vanity(goal)


@rule(
    "too_many_kpis",
    Severity.WARNING,
    f"more than {MOST} KPIs",
    "What everybody watches a little, nobody acts on.",
)
def too_many_kpis(context: LintContext) -> Iterator[Hit]:
    """A scorecard with more KPIs than people keep in mind."""
    for at, card in context.cards():
        count = len(context.kpis_of(card))
        if count > MOST:
            yield Hit(
                at=(*at, "kpis"),
                message=f"{label(card).capitalize()} has {count} KPIs.",
                remedy=f"Keep the {FEWEST} to {MOST} that decide about {card.goal.value}, or split it.",
            )


@rule(
    "too_few_kpis",
    Severity.WARNING,
    f"fewer than {FEWEST} KPIs, though the brand measures more",
    "One number is easily bought at the cost of another that nobody watches.",
    needs_history=True,
)
def too_few_kpis(context: LintContext) -> Iterator[Hit]:
    """A scorecard with fewer KPIs than the brand's published values allow."""
    for at, card in context.cards():
        measured = context.measured(context.scope_of(card))
        chosen = {kpi.kpi_id for kpi in context.kpis_of(card)}
        if measured is None or len(chosen) >= FEWEST:
            continue
        more = _named(context.catalogue, measured - chosen, card.goal)
        if more:
            yield Hit(
                at=(*at, "kpis"),
                message=f"{label(card).capitalize()} has {len(chosen)} of {FEWEST} to {MOST} KPIs.",
                remedy=f"{card.brand} also measures for {card.goal.value}: {_listed(more)}.",
            )


@rule(
    "off_goal",
    Severity.WARNING,
    "a KPI that doesn't serve the goal",
    "It can be met while the goal is missed, and takes attention from what decides.",
)
def off_goal(context: LintContext) -> Iterator[Hit]:
    """A KPI that the catalogue names neither core nor support for the goal."""
    for at, card in context.cards():
        seen: set[str] = set()
        for position, target in enumerate(card.kpis):
            kpi = context.catalogue.kpis[target.kpi]
            if kpi.serves(card.goal) or kpi.kpi_id in seen:
                continue
            seen.add(kpi.kpi_id)
            goals = ", ".join(sorted(goal.value for goal in kpi.goals | kpi.supports))
            yield Hit(
                at=(*at, "kpis", position, "kpi"),
                message=f"{kpi.kpi_id} doesn't serve the goal {card.goal.value}; it is for "
                f"{goals or 'none'}.",
                remedy="Move it to a scorecard of its own goal, or leave it to the KPI tables."
                if goals
                else "Leave it to the KPI tables.",
            )


@rule(
    "vanity",
    Severity.WARNING,
    "half or more vanity metrics",
    "They rise with spend and size and rarely change a decision.",
)
def vanity(context: LintContext) -> Iterator[Hit]:
    """A scorecard at least half of which flatters."""
    for at, card in context.cards():
        kpis = context.kpis_of(card)
        flattering = [kpi.kpi_id for kpi in kpis if kpi.is_vanity(card.goal)]
        if flattering and 2 * len(flattering) >= len(kpis):
            yield Hit(
                at=(*at, "kpis"),
                message=f"{len(flattering)} of the {len(kpis)} KPIs of {label(card)} are vanity metrics for "
                f"{card.goal.value}: {', '.join(flattering)}.",
                remedy=f"Replace them: `sanjeh suggest --brand {card.brand} --goal {card.goal.value}`.",
            )


@rule(
    "no_business_kpi",
    Severity.WARNING,
    "no business KPI",
    "It can be all green while the goal itself is missed.",
)
def no_business_kpi(context: LintContext) -> Iterator[Hit]:
    """A scorecard without a core KPI of its goal, though the brand could have one."""
    for at, card in context.cards():
        if any(is_business(kpi, card.goal) for kpi in context.kpis_of(card)):
            continue
        possible = context.measurable(context.scope_of(card), card.brand)
        core = [
            kpi.kpi_id
            for kpi in context.catalogue.kpis.values()
            if kpi.kpi_id in possible and is_business(kpi, card.goal)
        ]
        if core:
            yield Hit(
                at=(*at, "kpis"),
                message=f"No KPI of {label(card)} measures the goal {card.goal.value} itself.",
                remedy=f"Add one that {card.brand} can measure: {_listed(core)}.",
            )


def _named(catalogue: Catalogue, kpis: Iterable[str], goal: Goal) -> list[str]:
    """Those of ``kpis`` that suit the goal, in the order of the catalogue, core ones first."""
    wanted = set(kpis)
    found = [kpi for kpi in catalogue.kpis.values() if kpi.kpi_id in wanted and suitable(kpi, goal)]
    return [kpi.kpi_id for kpi in sorted(found, key=lambda kpi: goal not in kpi.goals)]


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


RULES = (too_many_kpis, too_few_kpis, off_goal, vanity, no_business_kpi)
