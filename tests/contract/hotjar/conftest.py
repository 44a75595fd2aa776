"""A Hotjar site on loopback with one survey, and a workbench with its key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.core.raw_zone import RawZone
from tests.contract.hotjar.surveys import NOON, SITE, SURVEY
from tests.contract.landed import Workbench
from tests.fakes.hotjar import CLIENT_ID, CLIENT_KEY, HotjarApi, Site


@pytest.fixture
def api() -> Iterator[HotjarApi]:
    """The site; its contract must not be broken."""
    with HotjarApi() as server:
        server.sites = {SITE: Site("Shop", surveys=[dict(SURVEY)], responses={SURVEY["id"]: []})}
        yield server
    assert server.violations == []


@pytest.fixture
def bench(api: HotjarApi, zone: RawZone, monkeypatch: pytest.MonkeyPatch) -> Workbench:
    """A source of the site, whose surveys began in September."""
    monkeypatch.setenv("SURVEY_ID", CLIENT_ID)
    monkeypatch.setenv("SURVEY_KEY", CLIENT_KEY)
    keys = {
        "connector": "hotjar",
        "site_id": SITE,
        "client_id_env": "SURVEY_ID",
        "client_secret_env": "SURVEY_KEY",
        "base_url": api.base_url,
        "start": (NOON.date()).replace(month=9, day=1),
    }
    return Workbench(zone, keys)
