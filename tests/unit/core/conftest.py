"""A vendor that runs, and a workspace that lands its data."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.core.raw_zone import RawZone
from tests.unit.core.fake_clock import FakeClock
from tests.unit.core.toy_api import KEY, ToyApi
from tests.unit.core.toy_connector import KEY_VARIABLE
from tests.unit.core.toy_workspace import Toy


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[ToyApi]:
    """The toy vendor; its key is set, and nothing of this machine's proxies and passwords is."""
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    with ToyApi() as server:
        yield server


@pytest.fixture
def toy(api: ToyApi, zone: RawZone) -> Toy:
    """A source of that vendor in an empty workspace."""
    return Toy(api=api, zone=zone)


@pytest.fixture
def clock() -> FakeClock:
    """No second passes by itself."""
    return FakeClock()
