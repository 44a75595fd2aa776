"""Rules about what is missing or can't be read: number, unit, first day, period, owner, baseline."""

from __future__ import annotations

from collections.abc import Iterator

from orchestration.scorecard_lint.context import LintContext, label
from orchestration.scorecard_lint.finding import Hit, Severity, rule
from orchestration.scorecards.model import Grain, KeyResult
from orchestration.scorecards.units import allowed_units, unit_problem

_GRAINS = ", ".join(grain.value for grain in Grain)


@rule(
    "no_target",
    Severity.ERROR,
    "no numeric target",
    "Without a number nobody can tell whether it was reached.",
)
def no_target(context: LintContext) -> Iterator[Hit]:
    """A target or key result without a number."""
    for aim in context.aims():
        if aim.value is not None:
            continue
        at = (*aim.at, "target")
        written = context.written(at)
        said = "has no target" if written is None else f"has the target {written!r}, which is no number"
        unit = " or ".join(allowed_units(aim.kpi, context.brands[aim.plan.brand].currency))
        yield Hit(
            at=at,
            message=f"{aim.kpi.kpi_id} of {label(aim.plan)} {said}.",
            remedy=f"Write target: with a plain number and its unit ({unit}); `sanjeh suggest` proposes one.",
        )


@rule(
    "no_baseline",
    Severity.ERROR,
    "a key result without a baseline",
    "Progress is the way from baseline to target, and half of it is missing.",
)
def no_baseline(context: LintContext) -> Iterator[Hit]:
    """A key result that says where to go and not where from."""
    for aim in context.aims():
        if isinstance(aim.entry, KeyResult) and aim.entry.baseline is None:
            yield Hit(
                at=(*aim.at, "baseline"),
                message=f"{aim.kpi.kpi_id} of {label(aim.plan)} has no baseline that is a number.",
                remedy="Write baseline: with the KPI's value before the objective began.",
            )


@rule(
    "no_unit",
    Severity.WARNING,
    "no unit",
    "A number without a unit means different things to different people.",
)
def no_unit(context: LintContext) -> Iterator[Hit]:
    """A number without a unit, which is taken in the KPI's own."""
    for aim in context.aims():
        if aim.entry.unit is None and aim.value is not None:
            units = allowed_units(aim.kpi, context.brands[aim.plan.brand].currency)
            shown = context.show(aim.value, aim.kpi, aim.plan.brand)
            yield Hit(
                at=aim.at,
                message=f"The target of {aim.kpi.kpi_id} has no unit and is read as {shown}.",
                remedy=f"Add unit: {' or unit: '.join(units)}.",
            )


@rule(
    "wrong_unit",
    Severity.ERROR,
    "a unit the KPI is not counted in",
    "A number in another unit can't be compared with what is measured.",
)
def wrong_unit(context: LintContext) -> Iterator[Hit]:
    """A unit that isn't the KPI's, or money in another currency than the brand's."""
    for aim in context.aims():
        currency = context.brands[aim.plan.brand].currency
        problem = unit_problem(aim.entry.unit, aim.kpi, currency)
        if problem:
            yield Hit(
                at=(*aim.at, "unit"),
                message=f"The target of {aim.kpi.kpi_id} can't be used: {problem}.",
                remedy=f"Write the number with unit: {' or unit: '.join(allowed_units(aim.kpi, currency))}.",
            )


@rule(
    "no_valid_from",
    Severity.ERROR,
    "no first day",
    "The target known when a period starts is the one that counts, so its first day decides which it judges.",
)
def no_valid_from(context: LintContext) -> Iterator[Hit]:
    """A target or an objective without ``valid_from``."""
    for at, card in context.cards():
        for position, target in enumerate(card.kpis):
            if target.valid_from is None:
                yield _no_first_day((*at, "kpis", position), f"{target.kpi} of {label(card)}")
    for at, objective in context.objectives():
        if objective.valid_from is None:
            yield _no_first_day(at, label(objective).capitalize())


def _no_first_day(at: tuple[str | int, ...], what: str) -> Hit:
    return Hit(
        at=(*at, "valid_from"),
        message=f"{what} has no valid_from.",
        remedy="Add valid_from: with the first day of the first period it is for, such as 2026-01-01.",
    )


@rule(
    "no_period",
    Severity.ERROR,
    "no period",
    "200 leads a week and 200 leads a quarter are different plans.",
)
def no_period(context: LintContext) -> Iterator[Hit]:
    """A scorecard or objective without a grain."""
    for at, plan in context.plans_with_owner():
        if plan.grain is None:
            yield Hit(
                at=(*at, "grain"),
                message=f"{label(plan).capitalize()} has no grain.",
                remedy=f"Add grain: with the length of the periods it judges: {_GRAINS}.",
            )


@rule(
    "no_owner",
    Severity.WARNING,
    "no owner",
    "A miss that nobody answers for is not acted on, and an alert has nobody to go to.",
)
def no_owner(context: LintContext) -> Iterator[Hit]:
    """A scorecard or objective that nobody answers for."""
    for at, plan in context.plans_with_owner():
        if not plan.owner:
            yield Hit(
                at=(*at, "owner"),
                message=f"{label(plan).capitalize()} has no owner.",
                remedy="Add owner: with the person or role that acts when it is missed.",
            )


RULES = (no_target, no_baseline, no_unit, wrong_unit, no_valid_from, no_period, no_owner)
