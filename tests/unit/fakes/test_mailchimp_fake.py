"""The Mailchimp server: keys, pages, fields, moments, callers at once, and its refusals; and what the demo fills it with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
import requests

from tests.fakes.demo_mailchimp import fill_mailchimp
from tests.fakes.faults import Fault
from tests.fakes.mailchimp import API_KEY, MailchimpApi
from tests.fakes.mailchimp_rows import audience, report

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
LAST = date(2026, 11, 20)


@pytest.fixture
def api() -> Iterator[MailchimpApi]:
    """Campaigns 1 to 12, an hour apart, the highest newest."""
    with MailchimpApi() as server:
        server.reports = [report(number, at=NOON + number * HOUR, human_opens=9) for number in range(1, 13)]
        server.audiences = [audience(at=NOON)]
        yield server
        assert server.violations == []


def _get(api: MailchimpApi, path: str, **query: Any) -> requests.Response:
    return requests.get(api.base_url + path, params=query, timeout=30, auth=("any", api.key))


def _numbers(page: dict[str, Any]) -> list[int]:
    return [int(row["id"], 16) for row in page["reports"]]


def test_ten_reports_are_given_newest_first_unless_more_are_asked_for(api: MailchimpApi) -> None:
    first = _get(api, "/3.0/reports").json()
    assert (_numbers(first), first["total_items"]) == ([12, 11, 10, 9, 8, 7, 6, 5, 4, 3], 12)
    rest = _get(api, "/3.0/reports", count=1000, offset=10).json()
    assert (_numbers(rest), rest["total_items"]) == ([2, 1], 12)
    beyond = _get(api, "/3.0/reports", offset=12).json()
    assert (beyond["reports"], beyond["total_items"]) == ([], 12)


def test_reports_since_a_moment_are_those_after_it(api: MailchimpApi) -> None:
    page = _get(api, "/3.0/reports", since_send_time=(NOON + 10 * HOUR).isoformat()).json()
    assert (_numbers(page), page["total_items"]) == ([12, 11], 2)


def test_only_what_is_asked_for_is_told(api: MailchimpApi) -> None:
    page = _get(api, "/3.0/lists", fields="lists.id,lists.name,lists.stats,total_items").json()
    assert page["lists"][0].keys() == {"id", "name", "stats"}
    # Rates contradict their counts, and a moment that never came is empty.
    (whole,) = _get(api, "/3.0/reports", count=1).json()["reports"]
    assert whole["opens"] == {
        "opens_total": 200,
        "unique_opens": 100,
        "open_rate": 42,
        "last_open": "",
        "proxy_excluded_opens": 9,
        "proxy_excluded_unique_opens": 9,
        "proxy_excluded_open_rate": 42,
    }


@pytest.mark.parametrize(
    ("headers", "title"),
    [({}, "API Key Missing"), ({"Authorization": "Bearer other-us19"}, "API Key Invalid")],
)
def test_other_keys_are_refused(api: MailchimpApi, headers: dict[str, str], title: str) -> None:
    found = requests.get(f"{api.base_url}/3.0/reports", headers=headers, timeout=30)
    assert (found.status_code, found.json()["title"]) == (401, title)
    assert found.headers["Content-Type"].startswith("application/problem+json")
    # A request without a key breaks the contract too, which is what the server is to notice.
    api.violations = [each for each in api.violations if headers or not each.startswith("request")]


def test_a_bearer_key_is_as_good(api: MailchimpApi) -> None:
    headers = {"Authorization": f"Bearer {API_KEY}"}
    found = requests.get(
        f"{api.base_url}/3.0/", headers=headers, params={"fields": "account_id,account_name"}, timeout=30
    )
    assert found.json() == {"account_id": "8d3a3db4d97663a9074efcc16", "account_name": "Acme"}


def test_too_long_a_page_is_refused(api: MailchimpApi) -> None:
    found = _get(api, "/3.0/reports", count=1001)
    assert (found.status_code, found.json()["title"]) == (400, "Invalid Resource")
    assert [each.startswith("request") for each in api.violations] == [True]
    api.violations.clear()


def test_an_eleventh_caller_at_once_is_throttled_without_a_word_on_how_long(api: MailchimpApi) -> None:
    together = Barrier(11)
    for nth in range(1, 12):
        api.on_request(nth, lambda: together.wait(timeout=10))
    found: list[requests.Response] = []
    callers = [Thread(target=lambda: found.append(_get(api, "/3.0/lists"))) for _ in range(11)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert api.most_at_once == 11
    refused = [each for each in found if each.status_code == 429]
    assert refused
    assert "10 simultaneous connections" in refused[0].json()["detail"]
    assert "Retry-After" not in refused[0].headers


def test_an_error_may_come_with_200(api: MailchimpApi) -> None:
    api.order(Fault.ERROR_WITH_200)
    found = _get(api, "/3.0/reports")
    assert (found.status_code, found.json()["status"]) == (200, 500)


def _demo(last_day: date, days: int = 120) -> dict[str, dict[str, Any]]:
    with MailchimpApi() as server:
        fill_mailchimp(server, last_day, days=days)
        assert _get(server, "/3.0/reports", count=1000).json()["total_items"] == len(server.reports)
        assert server.violations == []
        return {row["id"]: row for row in server.reports}


def test_the_demo_sends_weekly_and_counts_grow() -> None:
    today, tomorrow = _demo(LAST), _demo(LAST + timedelta(days=1), 121)
    assert (len(today), today.keys()) == (18, tomorrow.keys())
    opens = [
        (today[name]["opens"]["unique_opens"], tomorrow[name]["opens"]["unique_opens"]) for name in today
    ]
    assert all(before <= after for before, after in opens)
    assert sum(before < after for before, after in opens) >= 2
    for row in today.values():
        assert (
            row["opens"].get("proxy_excluded_unique_opens", 0)
            <= row["opens"]["unique_opens"]
            < row["emails_sent"]
        )
