"""Posts of a page: reactions and comments by their totals, what Facebook doesn't tell is null."""

from __future__ import annotations

from datetime import timedelta

from tests.contract.facebook_page.conftest import NOON, PAGE
from tests.contract.landed import Workbench, errors_of
from tests.fakes.facebook_page import FacebookPage, FacebookPageApi, page_post

DAY = timedelta(days=1)


def post(page: FacebookPage, number: int, *, days_ago: float = 1, **more: object) -> str:
    """Let the page have a post; its id."""
    row = page_post(PAGE, number, at=NOON - days_ago * DAY, **more)
    page.posts.append(row)
    page.insights[row["id"]] = {"post_total_media_view_unique": 40, "post_media_view": 60, "post_clicks": 0}
    return str(row["id"])


def test_counters_of_the_post_and_of_its_insights_land(page: FacebookPage, bench: Workbench) -> None:
    post(page, 1, message="سیب‌های تازه ۱۲۳", shares=4)
    bench.landed(NOON)
    told = "message, status_type, reactions, comments, shares, reach, views, clicks"
    assert bench.rows(f"select {told} from raw.facebook_page__posts") == [
        ("سیب‌های تازه ۱۲۳", "added_photos", 10, 2, 4, 40, 60, 0)
    ]


def test_absent_shares_and_insights_are_unknown(page: FacebookPage, bench: Workbench) -> None:
    quiet, reel = post(page, 1, message=None), post(page, 2, has_insights=False, status_type="added_video")
    page.insights[quiet] = {}
    bench.landed(NOON)
    rows = bench.rows(
        "select post_id, message, shares, reach, views, clicks from raw.facebook_page__posts order by 1"
    )
    assert rows == [(quiet, None, None, None, None, None), (reel, "Post 2", None, None, None, None)]


def test_a_later_run_reads_again_what_is_young_and_lands_what_changed(
    api: FacebookPageApi, page: FacebookPage, bench: Workbench
) -> None:
    for number in range(50):
        post(page, number, days_ago=60 - number)
    bench.landed(NOON, page_size=10)
    api.seen.clear()
    page.posts[45]["reactions"] = 11
    page.posts[1]["reactions"] = 11
    assert bench.landed(NOON + DAY, page_size=10, post_days=10)["posts"].rows == 1
    asked = [seen for seen in api.seen if "_" in seen.path and seen.path.endswith("/insights")]
    assert 10 <= len(asked) <= 11


def test_a_deleted_post_gets_a_tombstone_at_the_next_whole_list(page: FacebookPage, bench: Workbench) -> None:
    gone = post(page, 1)
    post(page, 2)
    bench.landed(NOON)
    page.posts.pop(0)
    bench.landed(NOON + 30 * DAY)
    assert bench.rows("select post_id from raw.facebook_page__posts where _is_deleted") == [(gone,)]


def test_a_post_that_a_cut_list_lacks_is_not_taken_for_deleted(page: FacebookPage, bench: Workbench) -> None:
    """Facebook lists some 600 posts of a year."""
    quick = {"page_size": 100, "reach_metric": None, "views_metric": None, "clicks_metric": None}
    for number in range(540):
        post(page, number, days_ago=1 + number / 20)
    bench.landed(NOON, **quick)
    page.posts.pop(0)
    bench.landed(NOON + 30 * DAY, **quick)
    buried = "select count(*) from raw.facebook_page__posts where _is_deleted"
    assert bench.rows(buried) == [(1,)]
    for number in range(600, 602):
        post(page, number, days_ago=2)
    bench.landed(NOON + 60 * DAY, **quick)
    page.posts.pop(0)
    bench.landed(NOON + 91 * DAY, **quick)
    assert bench.rows(buried) == [(1,)]


def test_a_retired_metric_refuses_all_and_can_be_done_without(
    api: FacebookPageApi, page: FacebookPage, bench: Workbench
) -> None:
    post(page, 1)
    api.retired = {"post_total_media_view_unique"}
    errors = errors_of(bench.land(NOON))
    assert set(errors) == {"posts"}
    assert "(#100) The value must be a valid insights metric" in errors["posts"]
    bench.landed(NOON, reach_metric=None)
    assert bench.rows("select reach, views from raw.facebook_page__posts") == [(None, 60)]


def test_without_any_metric_no_insights_are_asked_for(
    api: FacebookPageApi, page: FacebookPage, bench: Workbench
) -> None:
    post(page, 1)
    landed = bench.landed(NOON, reach_metric=None, views_metric=None, clicks_metric=None, day_metrics=[])
    assert set(landed) == {"followers", "posts"}
    assert not any(seen.path.endswith("/insights") for seen in api.seen)


def test_what_posts_say_can_be_left_out(page: FacebookPage, bench: Workbench) -> None:
    post(page, 1, message="با مینا احمدی")
    bench.landed(NOON, captions="drop")
    assert "مینا" not in bench.everything_stored()
