"""Calls to the local HubSpot with its service key, and twelve contacts to call for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from tests.fakes.hubspot import HubSpotApi
from tests.fakes.server import FakeApi

DATED = "/crm/objects/2026-09"
LEGACY = "/crm/v3/objects"
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Caller:
    """A client that does nothing but call."""

    def __init__(self, api: HubSpotApi) -> None:
        self._api = api
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {api.service_key}"

    def get(self, path: str, **query: Any) -> requests.Response:
        """The answer to a GET."""
        return self._session.get(self._api.base_url + path, params=query, timeout=30)

    def post(self, path: str, **body: Any) -> requests.Response:
        """The answer to a POST of JSON."""
        return self._session.post(self._api.base_url + path, json=body, timeout=30)

    def pages(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """Every page of a GET, following ``after`` to the end."""
        found = [self.get(path, **query).json()]
        while "paging" in found[-1]:
            after = found[-1]["paging"]["next"]["after"]
            found.append(self.get(path, **query, after=after).json())
        return found

    def close(self) -> None:
        """Close its connections."""
        self._session.close()


def make_contacts(api: HubSpotApi) -> None:
    """Contacts 1 to 12, made an hour apart from noon on; lead where the id is even."""
    for number in range(1, 13):
        api.crm.create(
            "contacts",
            at=NOON + number * HOUR,
            email=f"u{number}@example.com",
            firstname="می‌نا",
            lifecyclestage="lead" if number % 2 == 0 else None,
        )


def ids(page: dict[str, Any]) -> list[str]:
    """Ids of a page's rows."""
    return [row["id"] for row in page["results"]]


def refused_request(api: FakeApi) -> bool:
    """Whether the contract found fault with requests only, and forget it: the test asked wrongly on purpose."""
    found, api.violations = api.violations, []
    return bool(found) and all(each.startswith("request ") for each in found)
