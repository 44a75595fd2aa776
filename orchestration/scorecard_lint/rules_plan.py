"""Rules about objectives and budgets, and about what a scorecard accepts."""

from __future__ import annotations

from collections.abc import Iterator

from orchestration.scorecard_lint.context import LintContext, label
from orchestration.scorecard_lint.finding import Hit, Severity, rule
from orchestration.scorecards.computable import repeated_budgets, weights_are_whole
from orchestration.scorecards.model import KeyResult, Scorecard
from orchestration.yaml_source import KeyPath, closest

_SPEND = "marketing_cost"


@rule(
    "weights",
    Severity.ERROR,
    "weights of an objective that don't sum to 1",
    "Progress of an objective is the weighted mean of its key results, and a share without weights is none.",
)
def weights(context: LintContext) -> Iterator[Hit]:
    """Key results that are together more or less than the objective."""
    for at, objective in context.objectives():
        if weights_are_whole(objective):
            continue
        total = sum(result.weight for result in objective.key_results)
        fitting = ", ".join(f"{result.weight / total:.2g}" for result in objective.key_results)
        yield Hit(
            at=(*at, "key_results"),
            message=f"The weights of {label(objective)} sum to {total:g}.",
            remedy=f"Make them sum to 1; in the same proportions they are about {fitting}.",
        )


@rule(
    "unknown_channel",
    Severity.ERROR,
    "a budget or a segment of an unknown channel",
    "Spend and values are known by the channels of dim_channel, so nothing would be set against it.",
)
def unknown_channel(context: LintContext) -> Iterator[Hit]:
    """A channel that nothing is ever booked on."""
    for at, item in _with_segment(context):
        if item.segment_type == "channel" and item.segment not in context.channels:
            yield Hit(
                at=(*at, "segment"),
                message=f"There is no channel {item.segment!r}.",
                remedy=closest(item.segment, context.channels),
            )
    for index, budget in enumerate(context.plans.budgets):
        if budget.channel not in context.channels:
            yield Hit(
                at=("budgets", index, "channel"),
                message=f"There is no channel {budget.channel!r}.",
                remedy=closest(budget.channel, context.channels),
            )


def _with_segment(context: LintContext) -> Iterator[tuple[KeyPath, Scorecard | KeyResult]]:
    yield from context.cards()
    for at, objective in context.objectives():
        for position, result in enumerate(objective.key_results):
            yield (*at, "key_results", position), result


@rule(
    "repeated_budget",
    Severity.ERROR,
    "a month of a channel that is planned twice",
    "Which of the amounts is the plan can't be known, so none of them counts.",
)
def repeated_budget(context: LintContext) -> Iterator[Hit]:
    """Two budgets for the same brand, channel and month."""
    repeated = repeated_budgets(context.plans.budgets)
    for index, budget in enumerate(context.plans.budgets):
        if (budget.brand, budget.channel, budget.month) in repeated:
            yield Hit(
                at=("budgets", index, "month"),
                message=f"{budget.brand} plans {budget.channel} in {budget.month} more than once.",
                remedy="Keep one of them, or add the amounts up.",
            )


@rule(
    "budget_without_spend",
    Severity.WARNING,
    "a budget of a brand whose spend no source feeds",
    "A plan without actual spend beside it can't be kept.",
)
def budget_without_spend(context: LintContext) -> Iterator[Hit]:
    """The first budget of a brand that has neither ad platforms nor a cost file."""
    told: set[str] = set()
    for index, budget in enumerate(context.plans.budgets):
        fed = context.feeds.by_brand.get(budget.brand, frozenset())
        if _SPEND not in fed and budget.brand not in told:
            told.add(budget.brand)
            streams = " or ".join(context.feeds.streams.get(_SPEND, ()))
            yield Hit(
                at=("budgets", index),
                message=f"No configured source of {budget.brand} feeds its spend.",
                remedy=f"Add a source to sanjeh.yml that feeds {streams}.",
            )


@rule(
    "unknown_accept",
    Severity.WARNING,
    "accept names no warning",
    "The finding it was written for stays, or the word hides nothing any more.",
)
def unknown_accept(context: LintContext) -> Iterator[Hit]:
    """A code in ``accept`` that isn't a rule's, or is one of an error, which nothing can accept."""
    from orchestration.scorecard_lint import RULES as ALL  # noqa: PLC0415 - this rule is one of them

    codes = {rule.code for rule in ALL if rule.severity is Severity.WARNING}
    for at, plan in context.plans_with_owner():
        for position, code in enumerate(plan.accept):
            if code not in codes:
                yield Hit(
                    at=(*at, "accept", position),
                    message=f"{code!r} is no warning of the lint.",
                    remedy=closest(code, codes),
                )


RULES = (weights, unknown_channel, repeated_budget, budget_without_spend, unknown_accept)
