"""The story's reports, written once."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.report.files import write_reports
from orchestration.workspace import Workspace
from tests.report.published_story import publish_story


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace with every report in both languages; tests that change one make their own."""
    workspace = publish_story(tmp_path_factory.mktemp("story"))
    write_reports(workspace, languages=("en", "fa"))
    return workspace


def page_text(workspace: Workspace, name: str) -> str:
    """The source of a report, by its path without ``.html``."""
    return (workspace.reports / f"{name}.html").read_text(encoding="utf-8")


def every_page(workspace: Workspace) -> list[Path]:
    """All HTML files, sorted."""
    return sorted(workspace.reports.rglob("*.html"))
