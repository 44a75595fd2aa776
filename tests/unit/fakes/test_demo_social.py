"""The demo's Instagram and Facebook data: only what happened on the new day is new, and no past changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.fakes.demo_social import (
    ACME_INSTAGRAM,
    ACME_PAGE,
    SIB_INSTAGRAM,
    fill_facebook_page,
    fill_instagram,
)
from tests.fakes.facebook_page import FacebookPageApi
from tests.fakes.instagram import InstagramApi

LAST = date(2026, 11, 19)
NEXT = LAST + timedelta(days=1)
Held = tuple[int, list[dict[str, Any]], dict[str, dict[str, int]], dict[str, dict[date, int]]]


def of_instagram(account: str, last_day: date) -> Held:
    """What an account holds: followers, posts, their insights, its days."""
    with InstagramApi() as api:
        fill_instagram(api, last_day, days=120 + (last_day - LAST).days)
        held = api.accounts[account]
        return held.followers_count, held.media, held.insights, held.days


def of_facebook(page: str, last_day: date) -> Held:
    """The same of a page."""
    with FacebookPageApi() as api:
        fill_facebook_page(api, last_day, days=120 + (last_day - LAST).days)
        held = api.pages[page]
        return held.followers_count, held.posts, held.insights, held.days


@pytest.mark.parametrize(
    ("held", "account"),
    [(of_instagram, SIB_INSTAGRAM), (of_instagram, ACME_INSTAGRAM), (of_facebook, ACME_PAGE)],
)
def test_only_the_new_day_is_new_and_counters_grow(held: Callable[[str, date], Held], account: str) -> None:
    followers, posts, insights, days = held(account, LAST)
    more_followers, more_posts, more_insights, more_days = held(account, NEXT)
    assert abs(more_followers - followers) < 60
    assert {post["id"] for post in posts} <= {post["id"] for post in more_posts}
    assert len(more_posts) - len(posts) <= 1
    for post_id, told in insights.items():
        assert all(value <= more_insights[post_id][name] for name, value in told.items())
    assert insights != {post_id: more_insights[post_id] for post_id in insights}
    for metric, values in days.items():
        assert values == {day: value for day, value in more_days[metric].items() if day <= LAST}
        assert NEXT in more_days[metric]


def test_sib_has_posts_of_every_kind_and_hides_some_likes() -> None:
    _, posts, _, _ = of_instagram(SIB_INSTAGRAM, LAST)
    assert len(posts) >= 55
    assert {post["media_product_type"] for post in posts} == {"FEED", "REELS"}
    assert 0 < sum("like_count" not in post for post in posts) < 10
    assert any("\u200c" in post["caption"] for post in posts)
