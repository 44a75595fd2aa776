"""LinkedIn pages: two headers, parentheses as they are, versions that die, gains until the day before yesterday."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import requests
from werkzeug import Request, Response

from connectors.core.raw_zone import RawZone
from tests.contract.landed import Workbench, errors_of
from tests.fakes.faults import Fault
from tests.fakes.linkedin_page import ACCESS, CompanyPage, LinkedInPageApi, PagePost, statistics
from tests.fakes.server import json_response

NOON = datetime(2026, 11, 10, 9, tzinfo=UTC)
DAY = timedelta(days=1)
PAGE = 1234
POSTS = "select post_id, impression_count, like_count from raw.linkedin_page__posts where not _is_deleted order by 1, _load_id"


def share(number: int, *, at: datetime, likes: int | None = 0, kind: str = "share") -> PagePost:
    """A post with words that name somebody, and statistics unless ``likes`` is None."""
    counters = None if likes is None else statistics(impressions=100, people=80, likes=likes)
    return PagePost(
        f"urn:li:{kind}:{number}",
        at,
        title="پاییز",
        commentary="@[Mina Ahmadi](urn:li:person:9)",
        statistics=counters,
    )


@pytest.fixture
def api() -> Iterator[LinkedInPageApi]:
    """One page; the contract must not be broken."""
    with LinkedInPageApi() as server:
        page = CompanyPage(PAGE, followers=21_914)
        page.gains = {date(2026, 11, number): (number, number % 2) for number in range(1, 11)}
        page.posts = [
            share(1, at=NOON - DAY, likes=5),
            share(2, at=NOON - 2 * DAY, likes=None, kind="ugcPost"),
            share(3, at=NOON - 60 * DAY, likes=7),
        ]
        server.pages, server.today = {PAGE: page}, NOON.date()
        yield server
    assert server.violations == []


@pytest.fixture
def bench(api: LinkedInPageApi, zone: RawZone, monkeypatch: pytest.MonkeyPatch) -> Workbench:
    """An administrator of it."""
    monkeypatch.setenv("PAGE_ACCESS", ACCESS)
    keys = {
        "connector": "linkedin_page",
        "token_env": "PAGE_ACCESS",
        "organizations": [PAGE],
        "base_url": api.base_url,
        "start": date(2026, 8, 1),
        "page_size": 2,
    }
    return Workbench(zone, keys)


def test_every_call_bears_version_and_protocol(api: LinkedInPageApi, bench: Workbench) -> None:
    bench.landed(NOON, api_version="202609")
    assert {seen.headers["Linkedin-Version"] for seen in api.seen} == {"202609"}
    assert {seen.headers["X-Restli-Protocol-Version"] for seen in api.seen} == {"2.0.0"}


def test_the_server_refuses_parentheses_that_are_encoded(api: LinkedInPageApi) -> None:
    """What the connector's calls are held to is held."""
    headers = {
        "Authorization": f"Bearer {ACCESS}",
        "LinkedIn-Version": "202606",
        "X-Restli-Protocol-Version": "2.0.0",
    }
    asked = {"q": "organizationalEntity", "organizationalEntity": f"urn:li:organization:{PAGE}"}
    encoded = {**asked, "shares": "List(urn:li:share:1)"}
    api.lies = True
    answer = requests.get(
        f"{api.base_url}/rest/organizationalEntityShareStatistics", params=encoded, headers=headers, timeout=9
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "ILLEGAL_ARGUMENT")


def test_followers_gains_and_posts_land(bench: Workbench) -> None:
    bench.landed(NOON)
    assert bench.rows("select _slice, account_id, first_degree_size from raw.linkedin_page__followers") == [
        ("2026-11-10", "1234", 21_914)
    ]
    gains = bench.rows(
        "select day, organic_follower_gains, paid_follower_gains from raw.linkedin_page__follower_gains order by day"
    )
    # The day before yesterday is the newest that is told.
    assert gains == [(date(2026, 11, number), number, number % 2) for number in range(1, 9)]
    assert bench.rows(POSTS) == [
        ("urn:li:share:1", 100, 5),
        ("urn:li:share:3", 100, 7),
        ("urn:li:ugcPost:2", None, None),
    ]
    assert "Mina" not in bench.everything_stored()


def test_gains_are_asked_for_twelve_months_back_and_no_more(api: LinkedInPageApi, bench: Workbench) -> None:
    api.pages[PAGE].gains[date(2025, 12, 1)] = (3, 0)
    bench.landed(NOON, start=date(2020, 1, 1))
    days = bench.rows("select min(day), count(*) from raw.linkedin_page__follower_gains")
    assert days == [(date(2025, 12, 1), 9)]


def test_a_dead_version_is_told_with_the_key_to_change(bench: Workbench) -> None:
    said = errors_of(bench.land(NOON, api_version="202506"))["followers"]
    assert "NONEXISTENT_VERSION" in said
    assert "set api_version to a newer one" in said


def test_a_limit_of_the_day_ends_the_run_and_another_is_waited_for(
    api: LinkedInPageApi, bench: Workbench
) -> None:
    api.order(Fault.THROTTLED)
    bench.landed(NOON, parallel=1)
    assert len(bench.seconds.waits) == 1
    api.seen.clear()
    api.order(Fault.QUOTA_EXHAUSTED, times=9)
    said = errors_of(bench.land(NOON, parallel=1))["followers"]
    assert "APPLICATION DAY limit" in said
    assert "midnight UTC" in said
    assert len(api.seen) == 1


def test_a_page_of_others_is_told(api: LinkedInPageApi, bench: Workbench) -> None:
    api.pages[PAGE].is_administered = False
    said = errors_of(bench.land(NOON))
    assert set(said) == {"followers", "follower_gains", "posts"}
    assert "have no right to this (HTTP 403: ACCESS_DENIED" in said["followers"]
    assert not bench.check(now=NOON).ok


def test_a_token_that_expired_is_told_without_showing_it(api: LinkedInPageApi, bench: Workbench) -> None:
    api.access = "another"
    said = errors_of(bench.land(NOON))["followers"]
    assert "the credentials are refused" in said
    assert ACCESS not in said


def test_a_post_that_comes_meanwhile_has_the_list_read_again(api: LinkedInPageApi, bench: Workbench) -> None:
    new = share(9, at=NOON, likes=0)
    api.on_request(
        2, lambda: api.pages[PAGE].posts.append(new), matches=lambda request: request.path == "/rest/posts"
    )
    bench.landed(NOON)
    assert len(bench.rows(POSTS)) == 4


def test_a_post_that_goes_meanwhile_hides_no_other(api: LinkedInPageApi, bench: Workbench) -> None:
    api.on_request(
        2, lambda: api.pages[PAGE].posts.pop(0), matches=lambda request: request.path == "/rest/posts"
    )
    bench.landed(NOON)
    assert [row[0] for row in bench.rows(POSTS)] == ["urn:li:share:3", "urn:li:ugcPost:2"]


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_posts_come_to_the_end_whatever_fills_the_last_page(
    api: LinkedInPageApi, bench: Workbench, count: int
) -> None:
    api.pages[PAGE].posts = [share(number, at=NOON - number * DAY) for number in range(1, count + 1)]
    bench.landed(NOON)
    assert len(bench.rows(POSTS)) == count


def test_a_later_run_reads_no_page_behind_the_first_that_is_old(
    api: LinkedInPageApi, bench: Workbench
) -> None:
    api.pages[PAGE].posts += [share(number, at=NOON - number * 10 * DAY) for number in range(7, 10)]
    bench.landed(NOON)
    api.seen.clear()
    api.pages[PAGE].posts[0].statistics = statistics(impressions=120, people=80, likes=6)
    bench.landed(NOON + DAY)
    assert bench.rows(POSTS)[:2] == [("urn:li:share:1", 100, 5), ("urn:li:share:1", 120, 6)]
    assert [seen.query["start"] for seen in api.seen if seen.path == "/rest/posts"] == ["0", "1"]


def test_posts_before_the_first_day_are_not_wanted_and_those_of_another_are(bench: Workbench) -> None:
    bench.landed(NOON, start=date(2026, 11, 1))
    assert [row[0] for row in bench.rows(POSTS)] == ["urn:li:share:1", "urn:li:ugcPost:2"]
    bench.landed(NOON + DAY)
    assert [row[0] for row in bench.rows(POSTS)] == ["urn:li:share:1", "urn:li:share:3", "urn:li:ugcPost:2"]


class _Paged(LinkedInPageApi):
    """Its gains come in pages of their own, which nobody has announced."""

    def answer(self, request: Request) -> Response:
        response = super().answer(request)
        if not request.path.endswith("FollowerStatistics"):
            return response
        body = response.get_json()
        body["paging"]["links"] = [{"rel": "next", "href": "/rest/…"}]
        return json_response(body)


def test_a_report_that_goes_on_where_none_did_is_not_taken_for_whole(
    api: LinkedInPageApi, bench: Workbench
) -> None:
    with _Paged() as paged:
        paged.pages, paged.today = api.pages, api.today
        said = errors_of(bench.land(NOON, base_url=paged.base_url))
    assert list(said) == ["follower_gains"]
    assert "not proven to be whole" in said["follower_gains"]


def test_a_page_that_is_added_brings_its_past(api: LinkedInPageApi, bench: Workbench) -> None:
    bench.landed(NOON, start=date(2026, 9, 1))
    added = CompanyPage(PAGE + 1, followers=9)
    added.gains, added.posts = {date(2026, 9, 3): (3, 0)}, [share(8, at=NOON - 60 * DAY, likes=1)]
    api.pages[PAGE + 1] = added
    bench.landed(NOON + DAY, organizations=[PAGE, PAGE + 1], start=date(2026, 9, 1))
    for stream in ("posts", "follower_gains"):
        assert bench.rows(
            f"select count(*) from raw.linkedin_page__{stream} where account_id = '{PAGE + 1}'"
        ) == [(1,)]


def test_check_sees_that_somebody_else_is_no_administrator(api: LinkedInPageApi, bench: Workbench) -> None:
    api.order(Fault.FORBIDDEN, matches=lambda request: "Statistics" in request.path)
    told = bench.check(now=NOON)
    assert "gains of page 1234, 2026-11-08" in told.problems[0]
    assert "have no right to this" in told.problems[0]


def test_check_tells_the_page_and_its_followers(bench: Workbench) -> None:
    told = bench.check(now=NOON)
    assert told.ok
    assert told.summary == "LinkedIn page 1234 (21,914 followers); reads as administrator, version 202606"
    assert "60 days" in told.notes[0]
