"""Fixtures that all tests share: a workspace folder, a raw zone in it, and the real data, run once."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from connectors.core.pii import Pseudonymiser
from connectors.core.raw_zone import RawZone
from tests.integration.warehouse import Workspace

EXAMPLE = Path(__file__).parents[1] / "examples" / "real"

# The same examples in every run, so that a red test is a change's own; SANJEH_RANDOM=1 draws others.
settings.register_profile("sanjeh", derandomize=not os.environ.get("SANJEH_RANDOM"), deadline=None)
settings.load_profile("sanjeh")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """An empty workspace folder."""
    folder = tmp_path / "workspace"
    folder.mkdir()
    return folder


@pytest.fixture
def zone(workspace: Path) -> RawZone:
    """An empty raw zone that pseudonymises with a fixed key."""
    pii = Pseudonymiser(key=b"test key", address_flags={"staff": ("*@acme.example",)})
    return RawZone(workspace / "raw", temp=workspace / "warehouse" / "tmp", pii=pii)


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The eight real brands, landed, built and published once. Tests that change a workspace copy it."""
    home = tmp_path_factory.mktemp("real") / "workspace"
    shutil.copytree(EXAMPLE, home)
    workspace = Workspace(home)
    workspace.run()
    return workspace
