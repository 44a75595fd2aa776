"""A workspace on the real data of ``examples/real`` to change at will."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.integration.warehouse import Workspace


@pytest.fixture
def real_copy(real: Workspace, tmp_path: Path) -> Workspace:
    """A copy of the finished real workspace, to change at will."""
    shutil.copytree(real.home, tmp_path / "workspace", copy_function=shutil.copy2)
    return Workspace(tmp_path / "workspace")
