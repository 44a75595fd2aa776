"""SMART lint of ``scorecards.yml``: is each target specific, measurable, attainable, relevant, timed?

In go settings and workspace, out come :class:`LintFinding` values, in the order of the file. Rules that need
history read the published file; where nothing is published they say nothing. Nothing here stops a run: what
can't be computed is left out of the warehouse, and a finding says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orchestration.scorecard_lint import (
    rules_choice,
    rules_complete,
    rules_data,
    rules_funnel,
    rules_numbers,
    rules_plan,
)
from orchestration.scorecard_lint.context import LintContext, scopes_of
from orchestration.scorecard_lint.feeds import read_feeds
from orchestration.scorecard_lint.finding import Hit, LintFinding, Rule, Severity
from orchestration.scorecard_lint.history import known_history
from orchestration.scorecards.catalogue import load_catalogue, load_channels
from orchestration.scorecards.model import Plans
from orchestration.settings import Settings
from orchestration.workspace import Workspace

RULES: tuple[Rule, ...] = (
    *rules_complete.RULES,
    *rules_choice.RULES,
    *rules_numbers.RULES,
    *rules_data.RULES,
    *rules_funnel.RULES,
    *rules_plan.RULES,
)
"""Every rule; docs/scorecards.md lists them in this order."""

__all__ = ["RULES", "LintFinding", "Rule", "Severity", "lint", "lint_workspace"]


def lint_workspace(workspace: Workspace, settings: Settings) -> list[LintFinding]:
    """Findings about the plans in ``settings``."""
    plans = settings.plans
    if plans.is_empty:
        return []
    return lint(
        LintContext(
            plans=plans,
            brands=settings.brands,
            catalogue=load_catalogue(),
            channels=load_channels(),
            feeds=read_feeds(settings.sources),
            history=known_history(workspace, scopes_of(plans)),
        )
    )


def lint(context: LintContext, rules: Sequence[Rule] = RULES) -> list[LintFinding]:
    """Findings in the order of the file; warnings that a plan accepts are left out."""
    found = [
        (rule, hit)
        for rule in rules
        for hit in rule(context)
        if rule.severity is Severity.ERROR or rule.code not in _accepted(context.plans, hit)
    ]
    found.sort(key=lambda pair: (_order(pair[1]), pair[0].code))
    return [_finding(context, rule, hit) for rule, hit in found]


def _finding(context: LintContext, rule: Rule, hit: Hit) -> LintFinding:
    part, index = str(hit.at[0]), int(hit.at[1])
    plan = getattr(context.plans, part)[index]
    return LintFinding(
        code=rule.code,
        severity=rule.severity,
        brand=plan.brand,
        scorecard_id=plan.id if part == "scorecards" else None,
        place=context.plans.file.where(hit.at, exact=True),
        message=hit.message,
        why=rule.why,
        remedy=hit.remedy,
    )


def _accepted(plans: Plans, hit: Hit) -> tuple[str, ...]:
    accept: tuple[str, ...] = getattr(getattr(plans, str(hit.at[0]))[int(hit.at[1])], "accept", ())
    return accept


def _order(hit: Hit) -> tuple[tuple[int, str | int], ...]:
    """Sorts scorecards before objectives before budgets, and list positions as numbers."""
    first = ("scorecards", "objectives", "budgets").index(str(hit.at[0]))
    rest: Iterator[tuple[int, str | int]] = ((isinstance(part, str), part) for part in hit.at[1:])
    return ((0, first), *rest)
