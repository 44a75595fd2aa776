"""Workspaces for the tests of the orchestration layer."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.workspace import Workspace
from tests.unit.orchestration.published_builds import Publisher

SETTINGS = """\
project: {name: Acme, currency: GBP, timezone: Europe/London}
brands:
  acme: {name: Acme, search_terms: [acme], exclude_terms: [acme racing]}
sources:
  acme_orders:
    connector: order_lines_file
    brand: acme
    path: exports/orders/*.csv
    expect: until 2026-01-31
    rules: {require_customer: true, extra_service_codes: [c2], counted_statuses: [Paid]}
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A prepared workspace of one brand with one order source."""
    (tmp_path / "sanjeh.yml").write_text(SETTINGS, encoding="utf-8")
    made = Workspace(tmp_path)
    made.prepare()
    return made


@pytest.fixture
def publisher(workspace: Workspace) -> Publisher:
    """Makes and publishes builds in ``workspace``."""
    return Publisher(workspace)
