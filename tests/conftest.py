"""Fixtures that all tests share: a workspace folder and a raw zone in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.core.pii import Pseudonymiser
from connectors.core.raw_zone import RawZone


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
