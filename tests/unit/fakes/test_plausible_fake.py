"""The Plausible server: keys, numbers, breakdowns, order, imports, the hour's limit and refusals; and what the demo fills."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import requests

from tests.fakes.demo_plausible import BLOG, fill_plausible
from tests.fakes.faults import Fault
from tests.fakes.plausible import STATS_KEY, PlausibleApi, Site
from tests.fakes.plausible_data import Visits

SITE = "shop.example"
MONDAY = date(2026, 11, 2)
TUESDAY = MONDAY + timedelta(days=1)
LAST = date(2026, 11, 20)


@pytest.fixture
def api() -> Iterator[PlausibleApi]:
    """A site with three rows of visits in two days."""
    with PlausibleApi() as server:
        server.sites[SITE] = Site(
            "Europe/Berlin",
            facts=[
                Visits(day=MONDAY, visitors=frozenset({1, 2}), visits=3, bounces=1, pages={"/": 4, "/b": 1}),
                Visits(day=MONDAY, visitors=frozenset({2}), source="Google", goals={"Buy": 2}),
                Visits(day=TUESDAY, visitors=frozenset({1}), source="Äpfel"),
            ],
        )
        yield server
        assert server.violations == []


def _query(api: PlausibleApi, *, key: str = STATS_KEY, **more: Any) -> requests.Response:
    body = {"site_id": SITE, "metrics": ["visitors"], "date_range": [str(MONDAY), str(TUESDAY)]} | more
    headers = {"Authorization": f"Bearer {key}"}
    return requests.post(f"{api.base_url}/api/v2/query", json=body, headers=headers, timeout=30)


def _rows(api: PlausibleApi, **more: Any) -> list[tuple[list[str], list[float]]]:
    return [(row["dimensions"], row["metrics"]) for row in _query(api, **more).json()["results"]]


def test_people_count_once_in_whatever_is_asked(api: PlausibleApi) -> None:
    metrics = ["visitors", "visits", "pageviews", "events", "bounce_rate", "visit_duration"]
    assert _rows(api, metrics=metrics) == [([], [2, 5, 7, 9, 20, 36])]
    assert _rows(api, dimensions=["time:day"]) == [(["2026-11-02"], [2]), (["2026-11-03"], [1])]
    assert _rows(api, dimensions=["visit:source"]) == [
        (["Direct / None"], [2]),
        (["Google"], [1]),
        (["Äpfel"], [1]),
    ]


def test_nobody_is_a_row_of_zero_and_no_row_of_a_breakdown(api: PlausibleApi) -> None:
    empty = ["2026-01-01", "2026-01-31"]
    assert _rows(api, date_range=empty) == [([], [0])]
    assert _rows(api, date_range=empty, dimensions=["time:day"]) == []


def test_pages_and_goals_have_what_is_theirs(api: PlausibleApi) -> None:
    assert _rows(api, dimensions=["event:page"], metrics=["visitors", "pageviews"]) == [
        (["/"], [2, 6]),
        (["/b"], [2, 1]),
    ]
    assert _rows(api, dimensions=["event:goal"], metrics=["visitors", "events"]) == [(["Buy"], [1, 2])]


def test_order_is_by_bytes_and_pages_tell_the_total(api: PlausibleApi) -> None:
    asked = {"dimensions": ["visit:source"], "order_by": [["visit:source", "desc"]]}
    assert [key for (key,), _ in _rows(api, **asked)] == ["Äpfel", "Google", "Direct / None"]
    page = _query(api, **asked, include={"total_rows": True}, pagination={"limit": 2, "offset": 2}).json()
    assert ([row["dimensions"] for row in page["results"]], page["meta"]) == (
        [["Direct / None"]],
        {"total_rows": 3},
    )
    assert page["query"]["date_range"] == ["2026-11-02T00:00:00+01:00", "2026-11-03T23:59:59+01:00"]


def test_imports_join_in_where_one_breakdown_is_asked_for(api: PlausibleApi) -> None:
    imports = {"include": {"imports": True}, "metrics": ["visits"]}
    none = _query(api, **imports).json()["meta"]
    assert none == {"imports_included": False, "imports_skip_reason": "no_imported_data"}
    api.sites[SITE].imported = [Visits(day=MONDAY, visitors=frozenset({9}), visits=10, source="Bing")]
    assert _rows(api, **imports) == [([], [15])]
    assert (["Bing"], [10]) in _rows(api, **imports, dimensions=["visit:source"])
    two = _query(api, **imports, dimensions=["visit:source", "visit:utm_medium"]).json()
    assert sum(row["metrics"][0] for row in two["results"]) == 5
    assert two["meta"]["imports_skip_reason"] == "unsupported_query"


def test_an_hour_allows_so_many_calls(api: PlausibleApi) -> None:
    seconds = [3600.0]
    api.hourly_limit, api.clock = 2, lambda: seconds[0]
    assert [_query(api).status_code for _ in range(3)] == [200, 200, 429]
    refused = _query(api)
    assert "limited to 2 requests per hour" in refused.json()["error"]
    assert "Retry-After" not in refused.headers
    seconds[0] = 7200.0
    assert _query(api).status_code == 200


@pytest.mark.parametrize("wrong", [{"key": "another"}, {"site_id": "other.example"}], ids=["key", "site"])
def test_a_wrong_key_and_a_wrong_site_are_the_same(api: PlausibleApi, wrong: dict[str, Any]) -> None:
    found = _query(api, **wrong)
    assert (found.status_code, found.json()["error"][:30]) == (401, "Invalid API key or site ID. Pl")


@pytest.mark.parametrize(
    "wrong",
    [
        {"metrics": ["bounce_rate"], "dimensions": ["event:page"]},
        {"order_by": [["visit:source", "asc"]]},
        {"dimensions": ["event:goal"], "order_by": [["event:goal", "asc"]]},
        {"date_range": [str(TUESDAY), str(MONDAY)]},
    ],
    ids=["session metric by page", "order of what isn't asked", "order by goal", "days backwards"],
)
def test_questions_that_make_no_sense_are_refused(api: PlausibleApi, wrong: dict[str, Any]) -> None:
    found = _query(api, **wrong)
    assert found.status_code == 400
    assert found.json()["error"]


def test_other_refusals(api: PlausibleApi) -> None:
    api.order(Fault.ERROR_WITH_200)
    assert (_query(api).status_code, _query(api).status_code) == (200, 200)
    api.locked = True
    assert _query(api).status_code == 402
    api.locked, api.knows_channels = False, False
    assert _query(api, dimensions=["visit:channel"]).status_code == 400


def test_the_demo_depends_on_the_day_alone() -> None:
    blogs = []
    for last_day, days in ((LAST, 120), (LAST + timedelta(days=1), 121)):
        with PlausibleApi() as server:
            fill_plausible(server, last_day, days=days)
            blogs.append(server.sites[BLOG])
    today, tomorrow = blogs
    assert tomorrow.facts[: len(today.facts)] == today.facts
    assert {fact.day for fact in tomorrow.facts} - {fact.day for fact in today.facts} == {
        LAST + timedelta(days=1)
    }
    assert 1500 < len(today.facts) < 3000
    assert {fact.channel for fact in today.facts} == {
        "Organic Search",
        "Direct",
        "Organic Social",
        "Email",
        "Referral",
    }
    assert sum(bool(fact.goals) for fact in today.facts) > 50
    assert any(fact.bounces for fact in today.facts)
