"""Rules about the numbers themselves: bounds, percents, the way from the baseline, tolerance, overlaps."""

from __future__ import annotations

from collections.abc import Iterator

from orchestration.scorecard_lint.context import Aim, LintContext, label
from orchestration.scorecard_lint.finding import Hit, Severity, rule
from orchestration.scorecards.catalogue import RATIO, CatalogueKpi
from orchestration.scorecards.model import Direction, Scorecard, Target
from orchestration.scorecards.units import PERCENT

TIMES_AT_MOST = 50
"""A ratio without an upper bound (ROAS, NRR) above this many times is surely meant in percent."""


def percent_meant(kpi: CatalogueKpi, number: float, unit: str | None) -> bool:
    """Whether a ratio was written as 25 where 0.25 was meant."""
    if kpi.unit != RATIO or unit == PERCENT:
        return False
    return number > 1 if kpi.upper == 1 else number >= TIMES_AT_MOST


@rule(
    "rate_as_percent",
    Severity.WARNING,
    "a rate written as 25 instead of 0.25",
    "Rates are fractions, so the target is a hundred times what was meant and never reached.",
)
def rate_as_percent(context: LintContext) -> Iterator[Hit]:
    """A ratio whose target only makes sense as percents."""
    for aim in context.aims():
        for key, number in aim.numbers.items():
            if percent_meant(aim.kpi, number, aim.entry.unit):
                yield Hit(
                    at=(*aim.at, key),
                    message=f"{aim.kpi.kpi_id} is a rate, and {number:g} means {number * 100:,g} %.",
                    remedy=f"Write {number / 100:g} with unit: {RATIO}, or {number:g} with unit: {PERCENT}.",
                )


@rule(
    "out_of_range",
    Severity.WARNING,
    "a target out of the KPI's range",
    "The KPI can't take that value, so the verdict is known before the first day.",
)
def out_of_range(context: LintContext) -> Iterator[Hit]:
    """A target beyond the bounds of the catalogue."""
    for aim in context.aims():
        for key, number in aim.numbers.items():
            if percent_meant(aim.kpi, number, aim.entry.unit) or is_within(aim.kpi, number):
                continue
            shown = context.show(number, aim.kpi, aim.plan.brand)
            yield Hit(
                at=(*aim.at, key),
                message=f"{shown} is no possible value: {aim.kpi.kpi_id} is {_range(context, aim)}.",
                remedy="Write a number within that range.",
            )


def is_within(kpi: CatalogueKpi, number: float) -> bool:
    """Whether the catalogue's bounds of targets allow ``number``."""
    if kpi.lower is not None and (number < kpi.lower or (kpi.lower_is_open and number == kpi.lower)):
        return False
    return kpi.upper is None or number <= kpi.upper


def _range(context: LintContext, aim: Aim) -> str:
    def shown(number: float) -> str:
        return context.show(number, aim.kpi, aim.plan.brand)

    parts = []
    if aim.kpi.lower is not None:
        parts.append(f"{'above' if aim.kpi.lower_is_open else 'at least'} {shown(aim.kpi.lower)}")
    if aim.kpi.upper is not None:
        parts.append(f"at most {shown(aim.kpi.upper)}")
    return " and ".join(parts)


@rule(
    "worse_than_baseline",
    Severity.WARNING,
    "a target that is worse than its baseline",
    "It is met by doing nothing, and progress towards it would be progress backwards.",
)
def worse_than_baseline(context: LintContext) -> Iterator[Hit]:
    """A target on the wrong side of where the KPI already stands."""
    for aim in context.aims():
        baseline = aim.entry.baseline
        if baseline is None or "target" not in aim.numbers or aim.direction is Direction.RANGE:
            continue
        if baseline != aim.numbers["target"] and aim.is_met_by(baseline):
            better = "lower" if aim.direction is Direction.LOWER else "higher"
            shown = [
                context.show(number, aim.kpi, aim.plan.brand) for number in (aim.numbers["target"], baseline)
            ]
            yield Hit(
                at=(*aim.at, "target"),
                message=f"{aim.kpi.kpi_id} is better {better}, and its target {shown[0]} is worse than the "
                f"baseline {shown[1]}.",
                remedy="Swap the two, correct one of them, or set direction: if the other side is good here.",
            )


@rule(
    "tolerance_as_percent",
    Severity.WARNING,
    "a tolerance of 1 or more",
    "A tolerance is a share of the target; with 1 or more of it no miss raises an alert.",
)
def tolerance_as_percent(context: LintContext) -> Iterator[Hit]:
    """A tolerance written in percent."""
    for aim in context.aims():
        tolerance = aim.entry.tolerance if isinstance(aim.entry, Target) else None
        if tolerance is not None and tolerance >= 1:
            yield Hit(
                at=(*aim.at, "tolerance"),
                message=f"The tolerance of {aim.kpi.kpi_id} is {tolerance:g} times its target.",
                remedy=f"Write tolerance: {tolerance / 100:g} if {tolerance:g} % was meant.",
            )


@rule(
    "overlapping_targets",
    Severity.WARNING,
    "two scorecards with different targets for the same KPI and period",
    "One value gets two verdicts, and people choose the one they like.",
)
def overlapping_targets(context: LintContext) -> Iterator[Hit]:
    """Scorecards of one brand that judge the same values differently."""
    first: dict[tuple[object, ...], Scorecard] = {}
    for at, card in context.cards():
        scope = context.scope_of(card)
        for kpi in context.kpis_of(card):
            other = first.setdefault((scope, kpi.kpi_id), card)
            if scope is None or other is card or _targets(other, kpi) == _targets(card, kpi):
                continue
            position = next(place for place, target in enumerate(card.kpis) if target.kpi == kpi.kpi_id)
            yield Hit(
                at=(*at, "kpis", position),
                message=f"{kpi.kpi_id} has other targets in {label(other)}, for the same "
                f"{scope.grain}s of {scope.segment_type} {scope.segment}.",
                remedy="Give both the same targets, or take the KPI out of one of them.",
            )


def _targets(card: Scorecard, kpi: CatalogueKpi) -> frozenset[tuple[object, ...]]:
    return frozenset(
        (target.valid_from, target.target, target.target_upper, target.direction)
        for target in card.kpis
        if target.kpi == kpi.kpi_id
    )


RULES = (rate_as_percent, out_of_range, worse_than_baseline, tolerance_as_percent, overlapping_targets)
