"""docs/scorecards.md: its examples are plans that the lint likes, and its table is the registry of rules."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from orchestration.scorecard_lint import RULES
from tests.unit.scorecards.conftest import Desk

DOCUMENT = Path(__file__).parents[2] / "docs" / "scorecards.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.split(":")[0])
def test_examples_are_clean_plans(tmp_path: Path, example: str) -> None:
    assert Desk(tmp_path).lint(example) == []


def test_there_is_an_example_of_each_part() -> None:
    assert [example.split(":")[0] for example in EXAMPLES] == ["scorecards", "objectives", "budgets"]


def test_table_lists_every_rule_in_order() -> None:
    listed = [line for line in TEXT.splitlines() if re.match(r"\| `\w+` \| (error|warning)", line)]
    assert listed == [
        f"| `{rule.code}` | {rule.severity}{', history' if rule.needs_history else ''} | {rule.title} | {rule.why} |"
        for rule in RULES
    ]
