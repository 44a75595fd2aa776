"""X: limits that end when a header says, unknown accounts with HTTP 200, a list that is cut, calls that cost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import ValidationError
from werkzeug import Request, Response

from connectors.core.raw_zone import RawZone
from connectors.registry import api_config
from connectors.x.client import wait_of
from tests.contract.landed import Workbench, errors_of
from tests.fakes.faults import Fault
from tests.fakes.server import json_response
from tests.fakes.x import APP_KEY, Post, User, XApi

NOON = datetime(2026, 11, 10, 9, tzinfo=UTC)
DAY = timedelta(days=1)
POSTS = "select post_id, like_count, _load_id from raw.x__posts where not _is_deleted order by 1, 3"


def post(number: int, *, at: datetime, likes: int = 0, reference: str | None = None) -> Post:
    """A post with a text that names somebody."""
    counters = {"like_count": likes, "retweet_count": 2, "quote_count": 1}
    return Post(number, at, text="Thanks @mina_ahmadi", reference=reference, counters=counters)


@pytest.fixture
def api() -> Iterator[XApi]:
    """One account with three posts; the contract must not be broken."""
    with XApi() as server:
        posts = [post(number, at=NOON - number * DAY, likes=number) for number in (1, 2)]
        server.users = [
            User(77, "Sib_Shop", "سیب", 1200, posts=[*posts, post(3, at=NOON - 50 * DAY, likes=3)])
        ]
        yield server
    assert server.violations == []


@pytest.fixture
def bench(api: XApi, zone: RawZone, monkeypatch: pytest.MonkeyPatch) -> Workbench:
    """An app that reads it."""
    monkeypatch.setenv("APP_BEARER", APP_KEY)
    keys = {
        "connector": "x",
        "token_env": "APP_BEARER",
        "usernames": ["@sib_shop"],
        "base_url": api.base_url,
        "page_size": 5,
    }
    return Workbench(zone, keys)


def test_an_account_and_its_posts_land_without_what_they_say(bench: Workbench) -> None:
    bench.landed(NOON)
    assert bench.rows(
        "select _slice, account_id, username, name, followers_count, following_count, tweet_count from raw.x__followers"
    ) == [("2026-11-10", "77", "Sib_Shop", "سیب", 1200, 10, 3)]
    assert bench.rows(POSTS) == [("1", 1, 1), ("2", 2, 1), ("3", 3, 1)]
    assert "mina" not in bench.everything_stored()


def test_reposts_of_others_do_not_bring_their_counters(api: XApi, bench: Workbench) -> None:
    api.users[0].posts += [
        post(8, at=NOON, likes=90_000, reference="retweeted"),
        post(9, at=NOON, likes=5, reference="quoted"),
    ]
    bench.landed(NOON)
    kinds = bench.rows("select post_id, reference_type from raw.x__posts where like_count >= 5")
    assert kinds == [("9", "quoted")]


def test_a_later_start_says_nothing_of_the_posts_before_it(api: XApi, bench: Workbench) -> None:
    """They aren't asked for, so they may well be there; one that is missing behind it is gone."""
    bench.landed(NOON)
    api.users[0].posts = [each for each in api.users[0].posts if each.id != 2]
    bench.landed(NOON + DAY, start=(NOON - 10 * DAY).date())
    gone = bench.rows("select post_id from raw.x__posts where _is_deleted")
    assert gone == [("2",)]


def test_an_account_that_is_added_brings_its_past(api: XApi, bench: Workbench) -> None:
    bench.landed(NOON)
    api.users.append(User(78, "Sib_Help", "سیب", 9, posts=[post(4, at=NOON - 60 * DAY, likes=4)]))
    bench.landed(NOON + DAY, usernames=["@sib_shop", "@sib_help"])
    assert bench.rows("select account_id from raw.x__posts where post_id = '4'") == [("78",)]


def test_one_look_up_serves_accounts_and_posts(api: XApi, bench: Workbench) -> None:
    bench.landed(NOON)
    assert sorted(seen.path for seen in api.seen) == ["/2/users/77/tweets", "/2/users/by/username/sib_shop"]


def test_posts_cost_nothing_where_they_are_not_wanted(api: XApi, bench: Workbench) -> None:
    assert list(bench.landed(NOON, posts=False)) == ["followers"]
    assert len(api.seen) == 1


def test_a_later_run_reads_the_posts_of_thirty_days_only(api: XApi, bench: Workbench) -> None:
    bench.landed(NOON)
    api.seen.clear()
    for each in api.users[0].posts:
        each.counters = {**each.counters, "like_count": 100}
    bench.landed(NOON + DAY)
    asked = next(seen.query for seen in api.seen if seen.path.endswith("/tweets"))
    assert asked["start_time"] == "2026-10-10T09:00:00Z"
    assert bench.rows(POSTS) == [("1", 1, 1), ("1", 100, 2), ("2", 2, 1), ("2", 100, 2), ("3", 3, 1)]
    bench.landed(NOON + 31 * DAY)
    assert bench.rows(POSTS)[-1] == ("3", 100, 3)


def test_posts_before_the_first_day_are_neither_asked_for_nor_paid(api: XApi, bench: Workbench) -> None:
    bench.landed(NOON, start=date(2026, 11, 1))
    asked = next(seen.query for seen in api.seen if seen.path.endswith("/tweets"))
    # Midnight in Tehran.
    assert asked["start_time"] == "2026-10-31T20:30:00Z"
    assert [row[0] for row in bench.rows(POSTS)] == ["1", "2"]
    bench.landed(NOON + DAY)
    assert [row[0] for row in bench.rows(POSTS)] == ["1", "2", "3"]


def test_a_deleted_post_gets_a_tombstone_unless_the_list_is_cut(api: XApi, bench: Workbench) -> None:
    bench.landed(NOON)
    del api.users[0].posts[2]
    gone = "select post_id from raw.x__posts where _is_deleted"
    bench.landed(NOON + 31 * DAY, timeline_cap=2)
    assert bench.rows(gone) == []
    bench.landed(NOON + 62 * DAY)
    assert bench.rows(gone) == [("3",)]


def test_an_unknown_account_is_an_error_though_the_status_is_200(api: XApi, bench: Workbench) -> None:
    said = errors_of(bench.land(NOON, usernames=["sib_shop", "nobody_here"]))
    assert set(said) == {"followers", "posts"}
    assert "the account @nobody_here: the request is refused" in said["followers"]
    assert "Could not find user with username: [nobody_here]" in said["followers"]
    assert bench.rows("select count(*) from raw.x__followers") == [(0,)]
    assert not bench.check(now=NOON, usernames=["nobody_here"]).ok


def test_a_protected_account_has_followers_and_shows_no_posts(api: XApi, bench: Workbench) -> None:
    api.users[0].is_protected = True
    said = errors_of(bench.land(NOON))
    assert list(said) == ["posts"]
    assert "have no right to this (Authorization Error" in said["posts"]
    assert bench.seconds.waits == []
    assert bench.rows("select followers_count from raw.x__followers") == [(1200,)]


def test_a_limit_is_waited_for_until_its_header_says(api: XApi, bench: Workbench) -> None:
    api.resets_after = 600
    api.order(Fault.THROTTLED)
    bench.landed(NOON)
    assert any(598 <= wait <= 600 for wait in bench.seconds.waits)


def test_the_wait_is_reckoned_by_the_servers_own_clock() -> None:
    reset = {"x-rate-limit-reset": "1794304860", "Date": "Tue, 10 Nov 2026 09:00:00 GMT"}
    assert wait_of(reset) == 1_794_304_860 - datetime(2026, 11, 10, 9, tzinfo=UTC).timestamp()
    assert wait_of({**reset, "Retry-After": "7"}) == 7
    assert wait_of({"x-rate-limit-reset": "0", "Date": "Tue, 10 Nov 2026 09:00:00 GMT"}) == 0
    assert wait_of({}) is None


def test_a_used_up_cap_of_the_month_ends_the_run(api: XApi, bench: Workbench) -> None:
    api.order(Fault.QUOTA_EXHAUSTED, times=9)
    said = errors_of(bench.land(NOON, parallel=1))["followers"]
    assert "Monthly product cap" in said
    assert "developer portal" in said
    assert len(api.seen) == 1


class _Poor(XApi):
    """Its app has no credits left."""

    def answer(self, request: Request) -> Response:  # noqa: ARG002 - every call costs
        said = {
            "title": "CreditsDepleted",
            "detail": "No credits left.",
            "type": "about:blank",
            "status": 402,
        }
        return json_response(said, status=402)


def test_no_credits_left_is_told(bench: Workbench) -> None:
    with _Poor() as poor:
        said = errors_of(bench.land(NOON, base_url=poor.base_url, parallel=1))["followers"]
        assert len(poor.seen) == 1
    assert "No credits left" in said


class _Short(XApi):
    """Its pages count more posts than they hold."""

    def answer(self, request: Request) -> Response:
        body = super().answer(request).get_json()
        if "meta" in body:
            body["meta"]["result_count"] += 1
        return json_response(body)


def test_a_page_that_lacks_posts_is_not_whole(api: XApi, bench: Workbench) -> None:
    with _Short() as short:
        short.users = api.users
        said = errors_of(bench.land(NOON, base_url=short.base_url))
    assert list(said) == ["posts"]
    assert "A page counts 4 posts and holds 3" in said["posts"]


def test_check_tells_the_account_and_what_is_left(bench: Workbench) -> None:
    told = bench.check(now=NOON)
    assert told.ok
    assert "X @Sib_Shop" in told.summary
    assert "299 of 300 look-ups left" in told.summary
    assert "bills" in told.notes[0]


@pytest.mark.parametrize("name", ["sib shop", "https://x.com/sib", "a_name_of_sixteen"])
def test_a_name_is_what_stands_behind_the_at(name: str) -> None:
    keys = {"connector": "x", "brand": "b", "token_env": "T", "usernames": [name]}
    with pytest.raises(ValidationError):
        api_config("x").model_validate(keys)
