"""Demo data of the networks: what a day was doesn't change with the days that follow, and the posts' counters only grow."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date, timedelta

import pytest

from tests.fakes.demo import LAST_DAY
from tests.fakes.demo_followers import Audience
from tests.fakes.demos import linkedin_page, telegram, x, youtube
from tests.fakes.linkedin_page import LinkedInPageApi
from tests.fakes.telegram import TelegramApi
from tests.fakes.x import XApi
from tests.fakes.youtube import YouTubeApi

NEXT_DAY = LAST_DAY + timedelta(days=1)


def test_followers_of_a_day_are_those_of_the_day_before_and_its_change() -> None:
    audience = Audience(name="somebody", at_first=100, lost=3, gained=5)
    for number in range(30):
        day = date(2026, 3, 1) + timedelta(days=number)
        gained, lost = audience.change(day)
        assert audience.on(day) == audience.on(day - timedelta(days=1)) + gained - lost
    assert audience.on(date(2026, 3, 30)) != 100


@pytest.fixture
def stack() -> ExitStack:
    """Servers that close with the test."""
    with ExitStack() as servers:
        yield servers


def test_a_day_later_members_have_changed(stack: ExitStack) -> None:
    members = []
    for last_day in (LAST_DAY, NEXT_DAY):
        api = telegram.open_servers(last_day, 120, stack).apis["telegram"]
        assert isinstance(api, TelegramApi)
        members.append([chat.members for chat in api.chats])
    assert len(members[0]) == 2
    assert members[0] != members[1]


def test_posts_of_x_grow_and_none_goes(stack: ExitStack) -> None:
    found = []
    for last_day, days in ((LAST_DAY, 120), (NEXT_DAY, 121)):
        api = x.open_servers(last_day, days, stack).apis["x"]
        assert isinstance(api, XApi)
        found.append({post.id: post for post in api.users[0].posts})
    before, after = found
    assert len(before) > 40
    assert before.keys() <= after.keys()
    assert {post.reference for post in before.values()} == {None, "quoted", "replied_to", "retweeted"}
    for number, post in before.items():
        assert after[number].at == post.at
        assert all(
            int(str(after[number].counters[name])) >= int(str(count)) for name, count in post.counters.items()
        )


def test_channels_of_youtube_are_of_both_kinds(stack: ExitStack) -> None:
    api = youtube.open_servers(LAST_DAY, 120, stack).apis["youtube"]
    assert isinstance(api, YouTubeApi)
    acme, sib = api.channels
    assert acme.subscribers >= 1000
    assert acme.id in api.owned
    assert sib.id not in api.owned
    assert max(acme.days) == LAST_DAY - timedelta(days=2)
    assert any(video.likes is None for channel in api.channels for video in channel.videos)
    assert any("\u200c" in video.title for video in sib.videos)


def test_gains_of_the_page_are_the_change_of_its_followers(stack: ExitStack) -> None:
    sizes, gains = [], {}
    for last_day, days in ((LAST_DAY, 120), (NEXT_DAY, 121)):
        api = linkedin_page.open_servers(last_day, days, stack).apis["linkedin_page"]
        assert isinstance(api, LinkedInPageApi)
        (page,) = api.pages.values()
        sizes.append(page.followers)
        gains = page.gains
    assert sum(gains[NEXT_DAY]) == sizes[1] - sizes[0]
