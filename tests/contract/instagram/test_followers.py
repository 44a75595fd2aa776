"""Followers: a snapshot of the run's moment; the account's other sides of it."""

from __future__ import annotations

from datetime import timedelta

from tests.contract.instagram.conftest import ACCOUNT, NOON
from tests.contract.landed import Workbench, errors_of
from tests.fakes.instagram import InstagramAccount, InstagramApi

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
COUNTS = "select _slice, username, followers_count from raw.instagram__followers order by 1"


def test_each_day_keeps_its_last_reading_and_no_past_is_touched(
    account: InstagramAccount, bench: Workbench
) -> None:
    bench.landed(NOON)
    account.followers_count = 1010
    bench.landed(NOON + DAY)
    account.followers_count, account.username = 1005, "sib"
    bench.landed(NOON + DAY + HOUR)
    assert bench.rows(COUNTS) == [("2026-11-10", "sib.fruit", 1000), ("2026-11-11", "sib", 1005)]
    at = "select captured_at, follows_count, media_count, account_id from raw.instagram__followers"
    assert bench.rows(f"{at} where _slice = '2026-11-10'") == [(NOON.replace(tzinfo=None), 10, 0, ACCOUNT)]


def test_the_day_is_that_of_the_brand(bench: Workbench) -> None:
    """21:00 UTC is past midnight in Tehran."""
    bench.landed(NOON + 9 * HOUR)
    assert bench.rows(COUNTS) == [("2026-11-11", "sib.fruit", 1000)]


def test_a_profile_without_a_count_is_an_error_and_no_fall(
    account: InstagramAccount, bench: Workbench
) -> None:
    bench.landed(NOON)
    account.hides = frozenset({"followers_count"})
    told = errors_of(bench.land(NOON + DAY))["followers"]
    assert "have no value in followers_count" in told
    assert bench.rows(COUNTS) == [("2026-11-10", "sib.fruit", 1000)]


def test_the_past_cant_be_asked_for_and_the_run_says_so(bench: Workbench) -> None:
    first = NOON.date() - 5 * DAY
    outcomes = bench.source().land(bench.zone, load_id=1, loaded_at=NOON, window=(first, first))
    notes = {each.stream.name: each.notes for each in outcomes}
    assert "--from and --to don't apply" in notes["followers"][0]
    assert [row[0] for row in bench.rows(COUNTS)] == ["2026-11-10"]
    plan = bench.source().plan(bench.zone, now=NOON)
    assert plan[0] == "instagram/followers: one snapshot of today"


def test_check_tells_who_what_and_how_much_is_left(api: InstagramApi, bench: Workbench) -> None:
    api.used_percent = 41
    checked = bench.check(now=NOON)
    assert checked.problems == ()
    assert checked.summary == (
        f"Instagram account sib.fruit ({ACCOUNT}); reads profile, posts and insights; 1,000 followers; "
        "quota 41 % of the calls of this hour used"
    )
    assert len(api.seen) == 2


def test_a_wrong_account_and_a_wrong_token_are_told_apart(api: InstagramApi, bench: Workbench) -> None:
    (unseen,) = bench.check(now=NOON, account_id=99).problems
    assert "no right to this" in unseen
    assert "Object with ID '99' does not exist" in unseen
    api.tokens.clear()
    (refused,) = bench.check(now=NOON).problems
    assert "the credentials are refused" in refused
