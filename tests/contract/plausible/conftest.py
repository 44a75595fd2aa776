"""A site of Plausible on loopback, and a desk with its key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from tests.contract.desk import Desk, zone_in
from tests.fakes.plausible import STATS_KEY, PlausibleApi, Site

SITE = "shop.example"
FIRST = date(2026, 11, 2)
"""A Monday; the source is to have days from here on."""


@dataclass(kw_only=True)
class PlausibleDesk(Desk):
    """A desk with its server.

    Attributes:
        api: the server. site: the one that is asked for.
    """

    api: PlausibleApi
    site: Site

    def asked(self, *dimensions: str) -> list[dict[str, object]]:
        """Questions by exactly these dimensions, in order."""
        return [seen.body for seen in self.api.seen if seen.body["dimensions"] == list(dimensions)]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PlausibleDesk]:
    """The site; its contract must not be broken."""
    monkeypatch.setenv("WEB_KEY", STATS_KEY)
    with PlausibleApi() as api:
        site = api.sites[SITE] = Site("Asia/Tehran")
        keys = {
            "site_id": SITE,
            "key_env": "WEB_KEY",
            "base_url": api.base_url,
            "start": FIRST,
            "timezone": "Asia/Tehran",
        }
        yield PlausibleDesk(word="plausible", keys=keys, zone=zone_in(tmp_path), api=api, site=site)
        assert api.violations == []
