"""The starter workspace is valid as it stands, and so is everything it shows in comments."""

from __future__ import annotations

import re
import stat
from datetime import date
from pathlib import Path

import pytest

from orchestration.errors import WorkspaceError
from orchestration.scorecard_lint import lint_workspace
from orchestration.settings import load_settings
from orchestration.starter import create_workspace


def test_starter_workspace_is_valid_and_its_key_is_private(tmp_path: Path) -> None:
    workspace = create_workspace(tmp_path / "new")
    settings = load_settings(workspace)
    assert list(settings.brands) == ["my_brand"]
    assert re.search(r"SANJEH_PII_KEY=[0-9a-f]{64}\n", workspace.env_file.read_text())
    assert stat.S_IMODE(workspace.env_file.stat().st_mode) == 0o600


def test_examples_in_its_comments_are_valid(tmp_path: Path) -> None:
    workspace = create_workspace(tmp_path / "new")
    for path in (workspace.settings_file, workspace.scorecards_file):
        text = path.read_text(encoding="utf-8")
        text = text.replace("sources: {}", "sources:")
        for key in ("scorecards", "objectives", "budgets"):
            text = text.replace(f"# {key}:", f"{key}:")
        path.write_text(re.sub(r"^  # ", "  ", text, flags=re.MULTILINE), encoding="utf-8")
    settings = load_settings(workspace, require_secrets=False)
    assert list(settings.sources) == [
        "my_orders",
        "my_newsletter",
        "my_search",
        "my_costs",
        "my_web",
        "my_search_api",
        "my_crm",
        "my_survey",
        "my_ads_api",
    ]
    assert [target.kpi for target in settings.scorecards[0].kpis] == [
        "email_click_rate",
        "lead_conversion_rate",
        "leads",
    ]
    assert [result.kpi for result in settings.plans.objectives[0].key_results] == [
        "leads",
        "email_click_rate",
    ]
    assert settings.plans.budgets[0].month_start == date(2026, 1, 1)
    assert lint_workspace(workspace, settings) == []


def test_existing_workspace_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "sanjeh.yml").write_text("mine")
    with pytest.raises(WorkspaceError, match="is a workspace already"):
        create_workspace(tmp_path)
    assert (tmp_path / "sanjeh.yml").read_text() == "mine"
