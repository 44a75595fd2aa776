"""A newsroom and a channel that takes what it sends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.workspace import Workspace
from tests.fakes.webhook import Webhook
from tests.unit.alerts.published import Newsroom
from tests.unit.orchestration.published_builds import Publisher


@pytest.fixture
def webhook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Webhook]:
    """A channel whose address stands in TEAM_URL."""
    with Webhook() as channel:
        monkeypatch.setenv("TEAM_URL", channel.url)
        yield channel


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    """A workspace with one notifier for everything, at TEAM_URL."""
    workspace = Workspace(tmp_path / "home")
    workspace.root.mkdir()
    made = Newsroom(Publisher(workspace))
    made.configure({"team": "{url_env: TEAM_URL}"})
    workspace.prepare()
    return made
