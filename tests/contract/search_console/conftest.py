"""A site with a few days of searches, its server, and a desk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from werkzeug import Response

from tests.contract.conformance.google_key import write_key
from tests.contract.desk import NOW, Desk, brand_facts, zone_in
from tests.fakes.search_console import SearchConsoleApi
from tests.fakes.search_console_data import SearchFact, Site
from tests.fakes.search_console_request import Query

SITE = "sc-domain:sib.example"
FIRST = date(2026, 11, 2)
SECOND = date(2026, 11, 3)


class StuckApi(SearchConsoleApi):
    """The server, which may give the first page whichever is asked for.

    Attributes:
        is_stuck: whether it does.
    """

    is_stuck = False

    def _analytics(self, query: Query, site: Site) -> Response:
        return super()._analytics(replace(query, offset=0) if self.is_stuck else query, site)


@dataclass(kw_only=True)
class SearchDesk(Desk):
    """A desk with its server.

    Attributes:
        api: the server. site: its site.
        secrets: what is secret in the key of the service account.
    """

    api: StuckApi
    site: Site
    secrets: tuple[str, ...] = field(repr=False)

    def queries(self, *dimensions: str) -> list[dict[str, Any]]:
        """Requests that group by exactly ``dimensions``, in order."""
        asked = [seen.body for seen in self.api.seen if seen.path.endswith("/searchAnalytics/query")]
        return [body for body in asked if body["dimensions"] == list(dimensions)]


@pytest.fixture
def site() -> Site:
    """Two days: a brand query, two others, and one that is too rare to be told."""
    data = Site()
    data.state(
        [
            SearchFact(
                day=FIRST, query="سیب", page="https://sib.example/", clicks=40, impressions=80, position=1.5
            ),
            SearchFact(
                day=FIRST,
                query="میوه",
                page="https://sib.example/%D9%85",
                country="deu",
                device="DESKTOP",
                clicks=2,
                impressions=50,
                position=7.25,
            ),
            SearchFact(
                day=FIRST, query="زردآلو خشک", page="https://sib.example/", impressions=5, is_anonymised=True
            ),
            SearchFact(day=SECOND, query="sib", page="https://sib.example/", clicks=3, impressions=4),
        ]
    )
    return data


@pytest.fixture
def api(site: Site) -> Iterator[StuckApi]:
    """The server; what breaks Google's contract fails the test."""
    with StuckApi({SITE: site}, today=NOW.date()) as server:
        yield server
    assert server.violations == []


@pytest.fixture
def make_desk(api: StuckApi, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes desks over one server; streams by name."""
    key_file, secrets = write_key(tmp_path, api.token_uri)
    monkeypatch.setenv("SEARCH_KEY", key_file)

    def make(*only: str, **brand: Any) -> SearchDesk:
        keys = {
            "site": SITE,
            "credentials_file_env": "SEARCH_KEY",
            "start": FIRST,
            "base_url": api.base_url,
        }
        return SearchDesk(
            word="search_console",
            keys=keys,
            brand=brand_facts(**brand),
            zone=zone_in(tmp_path),
            only=tuple(f"search_console/{name}" for name in only),
            api=api,
            site=site,
            secrets=secrets,
        )

    return make
