"""A Stripe account on loopback, and a workbench with a key of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.core.raw_zone import RawZone
from tests.contract.landed import Workbench
from tests.contract.stripe.billing import NOON
from tests.fakes.stripe import KEY, StripeApi


@pytest.fixture
def api() -> Iterator[StripeApi]:
    """The account; its contract must not be broken."""
    with StripeApi() as server:
        server.now = NOON
        yield server
    assert server.violations == []


@pytest.fixture
def bench(api: StripeApi, zone: RawZone, monkeypatch: pytest.MonkeyPatch) -> Workbench:
    """A source of the account."""
    monkeypatch.setenv("BILLING_KEY", KEY)
    keys = {
        "connector": "stripe",
        "key_env": "BILLING_KEY",
        "base_url": api.base_url,
        "start": NOON.date().replace(month=9, day=1),
    }
    return Workbench(zone, keys)
