"""A HubSpot account on loopback, and a workbench with its key; requests and answers are held to the contract."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.core.raw_zone import RawZone
from tests.contract.landed import Workbench
from tests.fakes.hubspot import HubSpotApi


@pytest.fixture
def api() -> Iterator[HubSpotApi]:
    """The account; its contract must not be broken."""
    with HubSpotApi() as server:
        yield server
    assert server.violations == []


@pytest.fixture
def bench(api: HubSpotApi, zone: RawZone, monkeypatch: pytest.MonkeyPatch) -> Workbench:
    """A source of the account."""
    monkeypatch.setenv("CRM_KEY", api.service_key)
    keys = {"connector": "hubspot", "token_env": "CRM_KEY", "base_url": api.base_url, "start": "2026-10-01"}
    return Workbench(zone, keys)
