"""A shop on loopback, and a workbench with its key."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from connectors.core.raw_zone import RawZone
from tests.contract.landed import Workbench
from tests.fakes.woocommerce import CONSUMER_KEY, CONSUMER_SECRET, WooCommerceApi


@pytest.fixture
def api() -> Iterator[WooCommerceApi]:
    """The shop; its contract must not be broken."""
    with WooCommerceApi() as server:
        yield server
    assert server.violations == []


@pytest.fixture
def bench(api: WooCommerceApi, zone: RawZone, monkeypatch: pytest.MonkeyPatch) -> Workbench:
    """A source of the shop."""
    monkeypatch.setenv("SHOP_KEY", CONSUMER_KEY)
    monkeypatch.setenv("SHOP_SECRET", CONSUMER_SECRET)
    keys = {
        "connector": "woocommerce",
        "base_url": api.base_url,
        "consumer_key_env": "SHOP_KEY",
        "consumer_secret_env": "SHOP_SECRET",
        "calls_per_minute": 6000,
        "start": date(2025, 9, 1),
    }
    return Workbench(zone, keys)
