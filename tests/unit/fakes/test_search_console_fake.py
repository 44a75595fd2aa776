"""The Search Console server speaks as the API does: search analytics, sites, permissions and quotas."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

import pytest
import requests

from tests.fakes.faults import Fault
from tests.fakes.search_console import SearchConsoleApi
from tests.fakes.search_console_data import SearchFact, Site
from tests.unit.fakes.conftest import Post

TODAY = date(2026, 11, 10)
SHOP = "https://example.ir/"
FIRST, SECOND, LAST, FRESH = (date(2026, 11, day) for day in (5, 6, 7, 8))
HOME, BLOG = SHOP, f"{SHOP}blog"
BRAND = r"(?i)mybrand|برند[\x{200c} ]?من"

Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def site() -> Site:
    """Four days of the brand in three spellings, a plain query and an anonymised one."""
    data = Site()
    data.state(
        [
            SearchFact(day=FIRST, query="برند من", page=HOME, clicks=6, impressions=10, position=1.0),
            SearchFact(day=FIRST, query="برند‌من", page=HOME, clicks=1, impressions=10, position=2.0),
            SearchFact(
                day=FIRST,
                query="MyBrand",
                page=HOME,
                clicks=2,
                impressions=5,
                country="deu",
                device="DESKTOP",
            ),
            SearchFact(
                day=FIRST, query="برند من", page=BLOG, impressions=4, position=3.0, is_second_result=True
            ),
            SearchFact(day=SECOND, query="خرید کفش", page=BLOG, clicks=8, impressions=100, position=7.5),
            SearchFact(day=SECOND, query="rare", page=BLOG, clicks=1, impressions=3, is_anonymised=True),
            SearchFact(day=LAST, query="خرید کفش", page=BLOG, type="image", impressions=9),
            SearchFact(day=FRESH, query="خرید کفش", page=BLOG, clicks=2, impressions=20, appearance="VIDEO"),
        ]
    )
    return data


@pytest.fixture
def api(site: Site) -> Iterator[SearchConsoleApi]:
    with SearchConsoleApi({SHOP: site}, today=TODAY, requires_token=False) as server:
        yield server


@pytest.fixture
def post(api: SearchConsoleApi) -> Post:
    def send(address: str = quote(SHOP, safe=""), **body: Any) -> requests.Response:
        days = {"startDate": FIRST.isoformat(), "endDate": FRESH.isoformat()}
        url = f"{api.base_url}/webmasters/v3/sites/{address}/searchAnalytics/query"
        return requests.post(url, json={**days, **body}, timeout=30)

    return send


@pytest.fixture
def ask(post: Post) -> Ask:
    def send(**body: Any) -> dict[str, Any]:
        answer = post(**body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    return send


def on(dimension: str, operator: str, expression: str) -> list[dict[str, Any]]:
    condition = {"dimension": dimension, "operator": operator, "expression": expression}
    return [{"groupType": "and", "filters": [condition]}]


def rows_in(answer: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(*row.get("keys", []), row["clicks"], row["impressions"]) for row in answer.get("rows", [])]


def test_totals_have_no_keys_and_numbers_are_doubles(api: SearchConsoleApi, post: Post) -> None:
    """Impressions 10 + 10 + 5 + 100 + 3; position (10 + 20 + 5 + 750 + 3) / 128."""
    answer = post()
    assert answer.json() == {
        "rows": [{"clicks": 18.0, "impressions": 128.0, "ctr": 18 / 128, "position": 788 / 128}],
        "responseAggregationType": "byProperty",
    }
    assert '"clicks":18.0' in answer.text
    assert api.seen[-1].path == "/webmasters/v3/sites/https%3A%2F%2Fexample.ir%2F/searchAnalytics/query"
    assert api.violations == []


def test_days_ascend_and_days_without_data_are_missing(ask: Ask) -> None:
    assert rows_in(ask(dimensions=["date"])) == [("2026-11-05", 9.0, 25.0), ("2026-11-06", 9.0, 103.0)]


def test_other_rows_go_by_clicks(ask: Ask) -> None:
    assert [row[:2] for row in rows_in(ask(dimensions=["query", "date"]))] == [
        ("خرید کفش", "2026-11-06"),
        ("برند من", "2026-11-05"),
        ("MyBrand", "2026-11-05"),
        ("برند‌من", "2026-11-05"),
    ]


def test_brand_and_non_brand_miss_what_is_anonymised(ask: Ask) -> None:
    brand, other = (
        rows_in(ask(dimensionFilterGroups=on("query", operator, BRAND)))[0]
        for operator in ("includingRegex", "excludingRegex")
    )
    total = rows_in(ask())[0]
    assert (brand, other, total) == ((9.0, 25.0), (8.0, 100.0), (18.0, 128.0))


@pytest.mark.parametrize(
    ("conditions", "clicks"),
    [
        (on("query", "equals", "mybrand"), 2.0),
        (on("query", "contains", "برند"), 7.0),
        (on("query", "notContains", "برند"), 10.0),
        (on("query", "notEquals", "خرید کفش"), 9.0),
        (on("query", "includingRegex", "mybrand"), None),
        (on("query", "includingRegex", r"\bبرند\b"), None),
        (on("COUNTRY", "EQUALS", "DEU"), 2.0),
        (on("device", "notEquals", "mobile"), 2.0),
        (on("page", "contains", "/blog") + on("query", "contains", "کفش"), 8.0),
    ],
)
def test_text_ignores_case_and_patterns_do_not(ask: Ask, conditions: list[Any], clicks: float | None) -> None:
    """To RE2 a Persian letter is no word character, so there is no boundary beside it."""
    rows = rows_in(ask(dimensionFilterGroups=conditions))
    assert [row[0] for row in rows] == ([] if clicks is None else [clicks])


def test_words_may_be_written_in_both_ways(api: SearchConsoleApi, ask: Ask) -> None:
    camel = ask(dimensions=["date"], type="web", aggregationType="byPage", dataState="final")
    upper = ask(dimensions=["DATE"], type="WEB", aggregationType="BY_PAGE", dataState="FINAL")
    assert camel == upper
    assert camel["responseAggregationType"] == "byPage"
    assert api.violations == []


def test_by_page_counts_every_result_of_a_search(ask: Ask) -> None:
    by_page = ask(dimensions=["page"])
    assert by_page["responseAggregationType"] == "byPage"
    assert rows_in(by_page) == [(BLOG, 9.0, 107.0), (HOME, 9.0, 25.0)]
    assert rows_in(ask()) == [(18.0, 128.0)], "the second result of a search is no impression of the site"


def test_nothing_and_past_the_end_have_no_rows(ask: Ask) -> None:
    assert ask(startDate="2026-11-01", endDate="2026-11-02") == {"responseAggregationType": "byProperty"}
    assert "rows" not in ask(dimensions=["query"], startRow=4)


def test_pages_start_where_they_are_told(api: SearchConsoleApi, site: Site, ask: Ask) -> None:
    site.restate(FIRST, [SearchFact(day=FIRST, query=f"q{number:05}", clicks=1) for number in range(1_500)])
    asked = {"dimensions": ["query"], "endDate": "2026-11-05"}
    assert len(ask(**asked)["rows"]) == 1_000, "the default"
    api.on_page(2, lambda: site.state([SearchFact(day=FIRST, query="new", clicks=9)]))
    first, second = (rows_in(ask(**asked, rowLimit=1_000, startRow=start)) for start in (0, 1_000))
    assert (len(first), len(second)) == (1_000, 501)
    assert first[-1] == second[0] == ("q00999", 1.0, 1.0), "a row came before it in between"
    assert api.violations == []


def test_a_day_lists_so_many_queries_at_most(api: SearchConsoleApi, ask: Ask) -> None:
    assert api.rows_per_day == 50_000
    api.rows_per_day = 1
    assert rows_in(ask(dimensions=["date", "query"])) == [
        ("2026-11-06", "خرید کفش", 8.0, 100.0),
        ("2026-11-05", "برند من", 6.0, 10.0),
    ]
    assert rows_in(ask(dimensions=["date", "country"]))[0] == ("2026-11-06", "irn", 9.0, 103.0)


def test_the_youngest_days_are_there_for_who_asks_for_all(api: SearchConsoleApi, ask: Ask) -> None:
    """Today is the 10th; the 7th is the last final day."""
    fresh = ask(dimensions=["date"], dataState="all")
    assert rows_in(fresh)[-1] == ("2026-11-08", 2.0, 20.0)
    assert fresh["metadata"] == {"firstIncompleteDate": "2026-11-08"}
    assert "metadata" not in ask(dimensions=["query"], dataState="all")
    assert "metadata" not in ask(dimensions=["date"], dataState="all", endDate="2026-11-07")
    assert "metadata" not in ask(dimensions=["date"])
    api.today += timedelta(days=1)
    assert rows_in(ask(dimensions=["date"]))[-1] == ("2026-11-08", 2.0, 20.0)


def test_sixteen_months_are_kept(site: Site, ask: Ask) -> None:
    site.state(SearchFact(day=day, clicks=1) for day in (date(2025, 7, 9), date(2025, 7, 10)))
    assert rows_in(ask(dimensions=["date"], startDate="2023-01-01", endDate="2025-12-31")) == [
        ("2025-07-10", 1.0, 1.0)
    ]


def test_types_and_appearances_are_told_apart(ask: Ask) -> None:
    assert rows_in(ask(type="image")) == [(0.0, 9.0)]
    assert rows_in(ask(dimensions=["searchAppearance"], dataState="all")) == [("VIDEO", 2.0, 20.0)]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"startDate": None}, "Field 'startDate' is required."),
        ({"startDate": "5 November"}, "'5 November' is not a valid date"),
        ({"startDate": "2026-12-01"}, "startDate must not be after endDate."),
        ({"rowLimit": 25_001}, "rowLimit must be between 1 and 25000"),
        ({"rowLimit": 0}, "rowLimit must be between 1 and 25000"),
        ({"startRow": -1}, "startRow must not be negative"),
        ({"dimensions": ["colour"]}, "Invalid value at 'dimensions[0]', \"colour\""),
        (
            {"dimensionFilterGroups": on("date", "equals", "x")},
            "Invalid value at 'dimension_filter_groups[0]",
        ),
        ({"dimensionFilterGroups": on("query", "includingRegex", "(?=x)")}, "Invalid regular expression"),
        ({"dimensionFilterGroups": on("query", "includingRegex", "x" * 4097)}, "longer than 4096 characters"),
        (
            {"dimensions": ["page"], "aggregationType": "byProperty"},
            "Aggregation by property is not possible",
        ),
        ({"dimensions": ["searchAppearance", "date"]}, "searchAppearance cannot be grouped"),
        ({"colour": 1}, 'Unknown name "colour": Cannot find field.'),
    ],
)
def test_wrong_requests_are_refused(post: Post, body: dict[str, Any], said: str) -> None:
    error = post(**body).json()["error"]
    assert (error["code"], error["status"]) == (400, "INVALID_ARGUMENT")
    assert said in error["message"]


def test_sites_are_listed_with_the_accounts_permission(api: SearchConsoleApi) -> None:
    sites = f"{api.base_url}/webmasters/v3/sites"
    entry = {"siteUrl": SHOP, "permissionLevel": "siteOwner"}
    assert requests.get(sites, timeout=30).json() == {"siteEntry": [entry]}
    assert requests.get(f"{sites}/{quote(SHOP, safe='')}", timeout=30).json() == entry
    api.sites.clear()
    assert requests.get(sites, timeout=30).json() == {}
    assert api.violations == []


def test_a_site_without_permission_is_named(site: Site, post: Post) -> None:
    site.permission_level = "siteUnverifiedUser"
    for address, named in ((quote(SHOP, safe=""), SHOP), ("sc-domain%3Aother.ir", "sc-domain:other.ir")):
        answer = post(address=address)
        assert answer.status_code == 403
        assert answer.json()["error"]["message"].startswith(
            f"User does not have sufficient permission for site '{named}'."
        )


def test_an_address_that_is_not_encoded_whole_is_an_unknown_route(api: SearchConsoleApi, post: Post) -> None:
    answer = post(address=SHOP)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=UTF-8")
    assert "PathNotFound" in api.violations[0]


@pytest.mark.parametrize(
    ("fault", "status", "reason"),
    [
        (Fault.THROTTLED, 429, "rateLimitExceeded"),
        (Fault.QUOTA_EXHAUSTED, 403, "quotaExceeded"),
        (Fault.FORBIDDEN, 403, "forbidden"),
    ],
)
def test_quotas_end_with_a_reason(
    api: SearchConsoleApi, post: Post, fault: Fault, status: int, reason: str
) -> None:
    api.order(fault)
    answer = post()
    assert (answer.status_code, answer.json()["error"]["errors"][0]["reason"]) == (status, reason)
    assert "Retry-After" not in answer.headers
    assert post().status_code == 200
    assert api.violations == []


def test_a_throttle_may_be_a_403_too(api: SearchConsoleApi, post: Post) -> None:
    api.throttled_status = 403
    api.order(Fault.THROTTLED)
    error = post().json()["error"]
    assert (error["code"], error["errors"][0]["reason"]) == (403, "quotaExceeded")
    assert error["message"].startswith("Search Analytics QPS quota exceeded")


def test_a_token_is_wanted(api: SearchConsoleApi, post: Post) -> None:
    api.requires_token = True
    assert post().status_code == 401
    url = f"{api.base_url}/webmasters/v3/sites"
    headers = {"Authorization": f"Bearer {api.tokens.issue(api.scope)}"}
    assert requests.get(url, headers=headers, timeout=30).status_code == 200
    api.order(Fault.EXPIRED_TOKEN)
    assert [requests.get(url, headers=headers, timeout=30).status_code for _ in range(2)] == [401, 401]
