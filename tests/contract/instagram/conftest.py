"""An Instagram account on loopback, and a workbench with its token."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from connectors.core.raw_zone import RawZone
from tests.contract.landed import Workbench
from tests.fakes.graph_api import ACCESS_TOKEN
from tests.fakes.instagram import InstagramAccount, InstagramApi

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
ACCOUNT = "17841400000000007"


@pytest.fixture
def api() -> Iterator[InstagramApi]:
    """The account; the contract must not be broken."""
    with InstagramApi() as server:
        server.now = NOON
        server.accounts = {ACCOUNT: InstagramAccount("sib.fruit")}
        yield server
    assert server.violations == []


@pytest.fixture
def account(api: InstagramApi) -> InstagramAccount:
    """What the server holds of it."""
    return api.accounts[ACCOUNT]


@pytest.fixture
def bench(api: InstagramApi, zone: RawZone, monkeypatch: pytest.MonkeyPatch) -> Workbench:
    """A source of the account from September on."""
    monkeypatch.setenv("GRAM_TOKEN", ACCESS_TOKEN)
    keys = {
        "connector": "instagram",
        "account_id": ACCOUNT,
        "token_env": "GRAM_TOKEN",
        "base_url": api.base_url,
        "start": NOON.date().replace(month=9, day=1),
        "http": {"backoff_seconds": 1},
    }
    return Workbench(zone, keys)
