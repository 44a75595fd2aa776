"""Rules about targets that contradict each other: parts above their whole, volumes that nobody plans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from statistics import median

from orchestration.scorecard_lint.context import LintContext
from orchestration.scorecard_lint.finding import Hit, Severity, rule
from orchestration.scorecard_lint.history import Scope
from orchestration.scorecard_lint.rules_numbers import is_within, percent_meant
from orchestration.scorecards.model import Scorecard, Target
from orchestration.scorecards.units import unit_problem
from orchestration.yaml_source import KeyPath

_PART_AND_WHOLE = (
    ("email_click_rate", "email_open_rate", "who clicks has opened"),
    ("email_human_open_rate", "email_open_rate", "human opens are among the reported ones"),
    ("qualified_leads", "leads", "a qualified lead is a lead"),
    ("gross_revenue_retention", "net_revenue_retention", "expansion only adds to what was retained"),
)
_SLACK = 1.2
"""How far a total may lie above the product of its parts before the plan doesn't add up."""


@dataclass(frozen=True, kw_only=True)
class _Chain:
    """A volume that the targets of a funnel imply.

    Attributes:
        result: KPI that counts what comes out.
        rates: KPIs that say which share goes on, from the last step to the first.
        volume: what goes in, in words.
        per_period: KPI whose denominators (``of_denominator``) or values are that volume.
    """

    result: str
    rates: tuple[str, ...]
    volume: str
    per_period: str
    of_denominator: bool


_CHAINS = (
    _Chain(
        result="leads",
        rates=("form_conversion_rate", "email_click_rate"),
        volume="deliveries",
        per_period="email_click_rate",
        of_denominator=True,
    ),
    _Chain(
        result="leads",
        rates=("session_to_lead_rate",),
        volume="sessions",
        per_period="sessions",
        of_denominator=False,
    ),
)


@rule(
    "funnel_order",
    Severity.WARNING,
    "a part with a higher target than its whole",
    "The two contradict each other, so one of them decides nothing.",
)
def funnel_order(context: LintContext) -> Iterator[Hit]:
    """Click above open, qualified leads above leads."""
    for at, card in context.cards():
        said: set[str] = set()
        for targets in _plans_in_force(card):
            for part, whole, because in _PART_AND_WHOLE:
                if part in said or not {part, whole} <= targets.keys():
                    continue
                small, large = _number(targets[part]), _number(targets[whole])
                if small <= large:
                    continue
                said.add(part)
                shown = [
                    context.show(number, context.catalogue.kpis[kpi_id], card.brand)
                    for number, kpi_id in ((small, part), (large, whole))
                ]
                yield Hit(
                    at=_place(at, card, targets[part]),
                    message=f"{part} shall be {shown[0]} and {whole} {shown[1]}, but {because}.",
                    remedy=f"Lower {part} or raise {whole}.",
                )


@rule(
    "funnel_volume",
    Severity.WARNING,
    "targets that need more volume than the brand has",
    "The rates can all be met and the total still missed, because too little goes in.",
)
def funnel_volume(context: LintContext) -> Iterator[Hit]:
    """200 leads at 15 % of 8 % need 16,667 deliveries: more than were ever sent, or than anybody planned."""
    for at, card in context.cards():
        scope = context.scope_of(card)
        said: set[str] = set()
        for targets in _plans_in_force(card):
            for chain in _CHAINS:
                needed = _needed(chain, targets)
                if scope is None or needed is None or chain.volume in said:
                    continue
                had = _volumes(context, scope, chain)
                if had and max(had) >= needed:
                    continue
                said.add(chain.volume)
                yield Hit(
                    at=_place(at, card, targets[chain.result]),
                    message=_volume_message(context, card, chain, targets, needed)
                    + (
                        f"; {card.brand} had {max(had):,.0f} in its best {scope.grain}, "
                        f"{median(had):,.0f} in a median one."
                        if had
                        else ": is that planned?"
                    ),
                    remedy=f"Plan that volume, count on other channels and write accept: [funnel_volume], or "
                    f"lower {chain.result}.",
                )


def _volume_message(
    context: LintContext, card: Scorecard, chain: _Chain, targets: Mapping[str, Target], needed: float
) -> str:
    shown = {
        kpi_id: context.show(_number(targets[kpi_id]), context.catalogue.kpis[kpi_id], card.brand)
        for kpi_id in (chain.result, *chain.rates)
    }
    rates = " of ".join(f"{shown[rate]} ({rate})" for rate in chain.rates)
    grain = card.grain.value if card.grain else "period"
    return f"{shown[chain.result]} {chain.result} at {rates} need {needed:,.0f} {chain.volume} a {grain}"


def _needed(chain: _Chain, targets: Mapping[str, Target]) -> float | None:
    if not {chain.result, *chain.rates} <= targets.keys():
        return None
    share = 1.0
    for rate in chain.rates:
        share *= _number(targets[rate])
    return _number(targets[chain.result]) / share if share > 0 else None


def _volumes(context: LintContext, scope: Scope, chain: _Chain) -> list[float]:
    series = context.history.of(scope, chain.per_period)
    if series is None:
        return []
    if chain.of_denominator:
        return [number for number in series.denominators if number is not None]
    return list(series.values)


@rule(
    "total_above_parts",
    Severity.WARNING,
    "a revenue target far above orders times order value",
    "Both parts can be met and the total still missed.",
)
def total_above_parts(context: LintContext) -> Iterator[Hit]:
    """Revenue that purchases times average order value don't make."""
    for at, card in context.cards():
        for targets in _plans_in_force(card):
            parts = {"revenue", "purchases", "aov"}
            if not parts <= targets.keys() or not all(
                _is_usable(context, card, targets[id_]) for id_ in parts
            ):
                continue
            total = _number(targets["revenue"])
            product = _number(targets["purchases"]) * _number(targets["aov"])
            if total > _SLACK * product:
                money = context.catalogue.kpis["revenue"]
                yield Hit(
                    at=_place(at, card, targets["revenue"]),
                    message=f"The target of revenue is {context.show(total, money, card.brand)}; those of "
                    f"purchases and aov make {context.show(product, money, card.brand)}.",
                    remedy="Raise purchases or aov, or lower revenue.",
                )
                break


def _plans_in_force(card: Scorecard) -> Iterator[dict[str, Target]]:
    """The targets by KPI that hold together, once for every day on which one of them changes."""
    days = sorted({target.valid_from for target in card.kpis if target.valid_from})
    for day in days or [date.max]:
        in_force: dict[str, Target] = {}
        for target in sorted(card.kpis, key=lambda target: target.valid_from or date.min):
            if target.target is not None and (target.valid_from or day) <= day:
                in_force[target.kpi] = target
        yield in_force


def _is_usable(context: LintContext, card: Scorecard, target: Target) -> bool:
    """Whether no other rule calls the number impossible, or its unit wrong."""
    kpi = context.catalogue.kpis[target.kpi]
    return (
        unit_problem(target.unit, kpi, context.brands[card.brand].currency) is None
        and is_within(kpi, _number(target))
        and not percent_meant(kpi, _number(target), target.unit)
    )


def _number(target: Target) -> float:
    return target.target if target.target is not None else 0.0


def _place(at: KeyPath, card: Scorecard, target: Target) -> KeyPath:
    position = next(place for place, other in enumerate(card.kpis) if other is target)
    return (*at, "kpis", position, "target")


RULES = (funnel_order, funnel_volume, total_above_parts)
