"""A GA4 property small enough to check by eye, and ways to call its server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import requests

from tests.fakes.ga4 import Ga4Api
from tests.fakes.ga4_data import EventFact, PageFact, Property, SessionFact

MONDAY = date(2026, 11, 2)
TUESDAY = date(2026, 11, 3)
NOW = datetime(2026, 11, 10, 9, tzinfo=UTC)
SHOP = "211"

Post = Callable[..., requests.Response]


@pytest.fixture
def shop() -> Property:
    """Monday: 3 sessions of a and b from Google, 1 of c without origin; Tuesday: 5 sessions of a and c, direct."""
    data = Property()
    data.state(
        [
            SessionFact(
                day=MONDAY,
                channel="Organic Search",
                source="google",
                medium="organic",
                campaign="پویش میوه‌ها",
                sessions=3,
                engaged_sessions=2,
                engagement_seconds=90,
                page_views=6,
                key_events=1.5,
                revenue=1_580_000.5,
                users=frozenset("ab"),
                new_users=frozenset("a"),
            ),
            SessionFact(
                day=MONDAY,
                channel="Unassigned",
                source="(not set)",
                medium="(not set)",
                campaign="(not set)",
                users=frozenset("c"),
                idle_users=frozenset("c"),
            ),
            SessionFact(day=TUESDAY, sessions=5, device="mobile", users=frozenset("ac")),
            PageFact(day=MONDAY, path="/درباره‌ما", page_views=4, users=frozenset("ab")),
            EventFact(day=MONDAY, name="share", count=2),
            EventFact(day=MONDAY, name="sign_up", count=1),
        ]
    )
    return data


@pytest.fixture
def ga4(shop: Property) -> Iterator[Ga4Api]:
    """The server; its property is also reachable without a token."""
    with Ga4Api({SHOP: shop}, now=NOW, requires_token=False) as api:
        yield api


@pytest.fixture
def post(ga4: Ga4Api) -> Post:
    """Posts a report's JSON over the days of the shop, unless it names others."""

    def send(*, verb: str = "runReport", number: str = SHOP, **body: Any) -> requests.Response:
        days = (
            {}
            if verb != "runReport"
            else {"dateRanges": [{"startDate": "2026-11-02", "endDate": "2026-11-03"}]}
        )
        address = f"{ga4.base_url}/v1beta/properties/{number}:{verb}"
        return requests.post(address, json={**days, **body}, timeout=30)

    return send


def named(*names: str) -> list[dict[str, str]]:
    """Dimensions or metrics of these names."""
    return [{"name": name} for name in names]


def rows_in(report: dict[str, Any]) -> list[list[str]]:
    """Values of each row, dimensions first."""
    return [
        [value["value"] for part in ("dimensionValues", "metricValues") for value in row.get(part, [])]
        for row in report.get("rows", [])
    ]
