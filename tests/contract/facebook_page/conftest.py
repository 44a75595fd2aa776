"""A Facebook page on loopback, and a workbench with its token."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from connectors.core.raw_zone import RawZone
from tests.contract.landed import Workbench
from tests.fakes.facebook_page import PAGE_TOKEN, FacebookPage, FacebookPageApi

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
PAGE = "104000000000007"


@pytest.fixture
def api() -> Iterator[FacebookPageApi]:
    """The page; the contract must not be broken."""
    with FacebookPageApi() as server:
        server.now = NOON
        server.pages = {PAGE: FacebookPage("سیب", username="sib.fruit")}
        yield server
    assert server.violations == []


@pytest.fixture
def page(api: FacebookPageApi) -> FacebookPage:
    """What the server holds of it."""
    return api.pages[PAGE]


@pytest.fixture
def bench(api: FacebookPageApi, zone: RawZone, monkeypatch: pytest.MonkeyPatch) -> Workbench:
    """A source of the page from September on."""
    monkeypatch.setenv("PAGE_TOKEN", PAGE_TOKEN)
    keys = {
        "connector": "facebook_page",
        "page_id": PAGE,
        "token_env": "PAGE_TOKEN",
        "base_url": api.base_url,
        "start": NOON.date().replace(month=9, day=1),
        "http": {"backoff_seconds": 1},
    }
    return Workbench(zone, keys)
