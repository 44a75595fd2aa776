"""A shop on loopback, and a workbench with its token."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from connectors.core.raw_zone import RawZone
from tests.contract.landed import Workbench
from tests.fakes.shopify import ACCESS_TOKEN, ShopifyApi


@pytest.fixture
def bench(zone: RawZone, monkeypatch: pytest.MonkeyPatch) -> Workbench:
    """A source of the shop; its address comes with the server."""
    monkeypatch.setenv("SHOP_TOKEN", ACCESS_TOKEN)
    keys = {
        "connector": "shopify",
        "shop": "acme.myshopify.com",
        "token_env": "SHOP_TOKEN",
        "start": date(2025, 9, 1),
    }
    return Workbench(zone, keys)


@pytest.fixture
def api(bench: Workbench) -> Iterator[ShopifyApi]:
    """The shop, whose points fill up with the workbench's seconds; its schema must not be broken."""
    with ShopifyApi(clock=bench.seconds.clock.monotonic) as server:
        bench.keys["base_url"] = server.base_url
        yield server
    assert server.violations == []
