"""Proposed scorecards of the known company, every brand, goal and grain: the lint must find nothing in any of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from orchestration.errors import LookupFailure
from orchestration.scorecard_lint import lint_workspace
from orchestration.scorecard_suggestion import suggest
from orchestration.scorecard_suggestion_view import as_yaml
from orchestration.scorecards import Goal, Grain, load_plans
from orchestration.settings import load_settings
from orchestration.workspace import Workspace

PLANTED = "no_source"
"""Code of the one finding that is wanted: Orion's objective has a key result that nothing measures."""
FEWEST = 40
"""Proposals that there must be at least: the brands measure enough for most goals."""


def unclean(home: Path) -> Iterator[str]:
    """What the lint says of the company's own scorecards and of proposals; or that there are too few of these."""
    workspace = Workspace(home)
    settings = load_settings(workspace, require_secrets=False)
    findings = lint_workspace(workspace, settings)
    if [finding.code for finding in findings].count(PLANTED) != 1:
        yield f"scorecards: {PLANTED} should be found once"
    for finding in findings:
        if finding.code != PLANTED:
            yield f"scorecards: {finding.text}"
    made = 0
    with TemporaryDirectory(prefix="proposals-") as scratch:
        file = Path(scratch) / "scorecards.yml"
        for brand, goal, grain in (
            (b, goal, grain) for b in settings.brands for goal in Goal for grain in Grain
        ):
            try:
                text = as_yaml(suggest(workspace, settings, brand=brand, goal=goal, grain=grain))
            except LookupFailure:
                continue
            made += 1
            file.write_text(text, encoding="utf-8")
            plans, wrong = load_plans(file, brands=settings.brands)
            said = [finding.text for finding in lint_workspace(workspace, replace(settings, plans=plans))]
            for problem in (*wrong, *said):
                yield f"{brand} proposal for {goal} by {grain}: {problem}"
    if made < FEWEST:
        yield f"proposals: {made}, should be {FEWEST} or more"
