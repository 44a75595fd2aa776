"""Workspaces on the real data of ``examples/real``, run once per session."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.integration.warehouse import Workspace

EXAMPLE = Path(__file__).parents[2] / "examples" / "real"


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The eight real brands, landed, built and published once. Tests that change a workspace copy it."""
    home = tmp_path_factory.mktemp("real") / "workspace"
    shutil.copytree(EXAMPLE, home)
    workspace = Workspace(home)
    workspace.run()
    return workspace


@pytest.fixture
def real_copy(real: Workspace, tmp_path: Path) -> Workspace:
    """A copy of the finished real workspace, to change at will."""
    shutil.copytree(real.home, tmp_path / "workspace", copy_function=shutil.copy2)
    return Workspace(tmp_path / "workspace")
