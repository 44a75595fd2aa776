"""Posts: what Instagram doesn't tell is null, counters are read again, deleted posts are found."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.contract.instagram.conftest import NOON
from tests.contract.landed import Workbench, errors_of
from tests.fakes.instagram import InstagramAccount, InstagramApi, media

DAY = timedelta(days=1)


def post(account: InstagramAccount, number: int, *, days_ago: float = 1, **more: object) -> str:
    """Let the account have a post; its id."""
    row = media(number, at=NOON - days_ago * DAY, **more)
    account.media.append(row)
    account.insights[row["id"]] = {
        "reach": 40,
        "views": 60,
        "saved": 2,
        "shares": 1,
        "total_interactions": 15,
    }
    return str(row["id"])


def insights_calls(api: InstagramApi) -> list[str]:
    """Ids of the posts whose insights were asked for."""
    calls = [seen.path.split("/")[2] for seen in api.seen if seen.path.endswith("/insights")]
    return [each for each in calls if each not in api.accounts]


def test_counters_of_the_post_and_of_its_insights_land(account: InstagramAccount, bench: Workbench) -> None:
    post(account, 1, caption="سیب‌های تازه ۱۲۳", media_product_type="REELS", media_type="VIDEO")
    bench.landed(NOON)
    told = "caption, media_type, media_product_type, like_count, comments_count, reach, views, saved, shares"
    assert bench.rows(f"select {told}, total_interactions from raw.instagram__posts") == [
        ("سیب‌های تازه ۱۲۳", "VIDEO", "REELS", 10, 2, 40, 60, 2, 1, 15)
    ]


def test_an_empty_list_is_unknown_and_not_zero(account: InstagramAccount, bench: Workbench) -> None:
    some, none = post(account, 1), post(account, 2)
    account.insights[some]["saved"] = 0
    del account.insights[none]
    bench.landed(NOON)
    rows = bench.rows("select media_id, reach, saved, shares from raw.instagram__posts order by 1")
    assert rows == [(some, 40, None, 1), (none, None, None, None)]


def test_hidden_likes_are_unknown(account: InstagramAccount, bench: Workbench) -> None:
    post(account, 1, like_count=None)
    bench.landed(NOON)
    assert bench.rows("select like_count, comments_count from raw.instagram__posts") == [(None, 2)]


def test_a_post_from_before_the_account_was_professional_has_no_insights(
    account: InstagramAccount, bench: Workbench
) -> None:
    old, new = post(account, 1, days_ago=9), post(account, 2)
    account.professional_since = NOON - 5 * DAY
    bench.landed(NOON)
    rows = bench.rows("select media_id, reach, like_count from raw.instagram__posts order by 1")
    assert rows == [(old, None, 10), (new, 40, 10)]


def test_kinds_of_products_that_nobody_knows_are_not_asked_for_insights(
    api: InstagramApi, account: InstagramAccount, bench: Workbench
) -> None:
    known = post(account, 1)
    post(account, 2, media_product_type="AD")
    post(account, 3, media_product_type="HOLOGRAM")
    bench.landed(NOON)
    assert insights_calls(api) == [known]
    rows = bench.rows("select media_product_type, reach from raw.instagram__posts order by media_id")
    assert rows == [("FEED", 40), ("AD", None), ("HOLOGRAM", None)]


def test_a_later_run_reads_again_what_is_young_and_lands_what_changed(
    api: InstagramApi, account: InstagramAccount, bench: Workbench
) -> None:
    for number in range(60):
        post(account, number, days_ago=60 - number)
    bench.landed(NOON, page_size=10)
    api.seen.clear()
    account.insights[account.media[40]["id"]]["reach"] = 41
    account.insights[account.media[2]["id"]]["reach"] = 41
    landed = bench.landed(NOON + DAY, page_size=10)
    assert landed["posts"].rows == 1
    assert 30 <= len(insights_calls(api)) <= 32


def test_the_first_day_bounds_what_is_read(account: InstagramAccount, bench: Workbench) -> None:
    post(account, 1, days_ago=71)
    kept = post(account, 2, days_ago=70)
    bench.landed(NOON)
    assert bench.rows("select media_id from raw.instagram__posts") == [(kept,)]


def test_a_pinned_old_post_does_not_end_the_reading(account: InstagramAccount, bench: Workbench) -> None:
    pinned = post(account, 1, days_ago=65)
    for number in range(2, 30):
        post(account, number, days_ago=number)
    account.pinned = (pinned,)
    bench.landed(NOON, page_size=5)
    post(account, 50, days_ago=-0.5)
    account.insights[account.media[20]["id"]]["reach"] = 77
    assert bench.landed(NOON + DAY, page_size=5)["posts"].rows == 2


def test_a_deleted_post_gets_a_tombstone_at_the_next_whole_list(
    account: InstagramAccount, bench: Workbench
) -> None:
    post(account, 1, days_ago=3)
    post(account, 2, days_ago=2)
    bench.landed(NOON)
    gone = account.media.pop(0)["id"]
    tombstones = "select media_id from raw.instagram__posts where _is_deleted"
    bench.landed(NOON + DAY)
    assert bench.rows(tombstones) == []
    bench.landed(NOON + 30 * DAY)
    assert bench.rows(tombstones) == [(gone,)]


def test_captions_can_be_left_out(api: InstagramApi, account: InstagramAccount, bench: Workbench) -> None:
    post(account, 1, caption="با مینا احمدی")
    bench.landed(NOON, captions="drop")
    assert "مینا" not in bench.everything_stored()
    assert all("caption" not in seen.query.get("fields", "") for seen in api.seen)


def test_pages_are_followed_on_the_configured_host_and_the_token_is_in_no_address(
    api: InstagramApi, account: InstagramAccount, bench: Workbench
) -> None:
    """What a page names as the next is an address of Meta's, with a token in it."""
    for number in range(7):
        post(account, number)
    bench.landed(NOON, page_size=3)
    lists = [seen for seen in api.seen if seen.path.endswith("/media")]
    assert ["after" in seen.query for seen in lists] == [False, True, True]
    assert bench.rows("select count(*) from raw.instagram__posts") == [(7,)]
    assert all("access_token" not in seen.query for seen in api.seen)


@pytest.mark.parametrize("metrics", [["reach"], []])
def test_a_metric_that_is_left_out_is_null(
    account: InstagramAccount, bench: Workbench, metrics: list[str]
) -> None:
    post(account, 1)
    bench.landed(NOON)
    bench.landed(NOON + DAY, media_metrics=metrics)
    newest = "select reach, views from raw.instagram__posts order by _load_id desc limit 1"
    assert bench.rows(newest) == [(40 if metrics else None, None)]


def test_a_retired_metric_is_told_with_the_key_to_mend(
    api: InstagramApi, account: InstagramAccount, bench: Workbench
) -> None:
    post(account, 1)
    api.retired = {"saved"}
    errors = errors_of(bench.land(NOON))
    assert set(errors) == {"posts"}
    assert "must be one of the following values" in errors["posts"]
    assert "take it out of media_metrics, day_metrics or total_metrics" in errors["posts"]
    assert errors_of(bench.land(NOON, media_metrics=["reach", "views", "shares"])) == {}
