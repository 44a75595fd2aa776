"""Instagram of ``nava`` by API: posts with their counters, and how many follow; what else is social stays by file.

What Instagram can't tell as the file told it: followers of past days and counters between two runs, so there are those of
the three runs; shares and saves of nought, which it leaves out; and the handle is in Latin letters. A Telegram bot sees no
posts, and LinkedIn's and Telegram's counts of past days can't be asked for either: they stay by file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from tests.fakes.graph_api import ACCESS_TOKEN
from tests.fakes.instagram import InstagramAccount, InstagramApi, media
from tests.known_company.clock import RUNS
from tests.known_company.nava import social
from tests.known_company.nava.answers import BRAND
from tests.known_company.nava.exports import Drop, Span, final_spans, tehran_day
from tests.known_company.nava_apis.reasons import Reason, of_source, since
from tests.known_company.nava_apis.served import Opened, every_day
from tests.known_company.oracle import social as social_oracle
from tests.known_company.oracle.feeding import feeds
from tests.known_company.oracle.feeds import Answers
from tests.known_company.records import FollowerCount, PostCapture

INSTEAD_OF: tuple[str, ...] = ()
"""Novin goes on telling Telegram's posts and followers by file."""
TELLS = (social.NOVIN, social.LINKEDIN, social.POSTS)
SOURCE = "nava_instagram"
_PLATFORM = "instagram"
_ACCOUNT, _HANDLE = "17841400000000099", "nava.shop"
_USABLE_DAYS, _FINAL_DAYS = 2, 30
REASONS = (
    Reason(
        text="Instagram's followers of a past day can't be asked for, so there are those of three runs",
        measures=frozenset(social_oracle.FOLLOWER_MEASURES),
    ),
    Reason(
        text="counters of Instagram's posts are those of three runs and not of every month",
        measures=frozenset({"social_shares"}),
    ),
    Reason(
        text="Instagram's posts are a source of their own",
        measures=frozenset(social_oracle.POST_MEASURES),
        is_row=of_source(social.POSTS, SOURCE),
    ),
    Reason(
        text="days of Instagram's posts are final after 30 days and known up to the run",
        measures=frozenset(social_oracle.POST_MEASURES),
        is_day=since(max(each.published_at for each in social.captures()).date() - timedelta(days=31)),
    ),
)
_COUNTERS = ("reach", "likes", "comments", "shares", "saves")


def sources(run: int, addresses: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The same in every run; insights of the account have no KPI."""
    del run
    return {
        SOURCE: {
            "connector": "instagram", "account_id": _ACCOUNT, "token_env": "KNOWN_NAVA_INSTAGRAM_TOKEN",
            "base_url": addresses["instagram"], "start": _first_day(), "day_metrics": [], "total_metrics": [],
        }
    }  # fmt: skip


def open_server(run: int, home: Path, servers: ExitStack) -> Opened:
    """The account at a run."""
    del home
    api = servers.enter_context(InstagramApi())
    api.checks_contract = False
    api.now = RUNS[run]
    account = InstagramAccount(username=_HANDLE, followers_count=_followers_at(run).followers)
    for number, post in _posts_at(run):
        row = media(number, at=post.published_at, like_count=post.likes, comments_count=post.comments)
        account.media.append(row)
        told = {"reach": post.reach, "shares": post.shares, "saved": post.saves}
        account.insights[row["id"]] = {name: count for name, count in told.items() if count}
    api.accounts[_ACCOUNT] = account
    return Opened({"instagram": api.base_url}, {"KNOWN_NAVA_INSTAGRAM_TOKEN": ACCESS_TOKEN})


@cache
def drops(run: int) -> tuple[Drop, ...]:
    """Files of the other networks."""
    return social.files(run, _followers_by_file(), _posts_by_file())


def followers() -> list[FollowerCount]:
    """Counts of all networks as this brand knows them."""
    return [*_followers_by_file(), *(_followers_at(run) for run in range(len(RUNS)))]


def captures() -> list[PostCapture]:
    """Readings of all networks as this brand knows them: of Instagram those that differ from the run's before."""
    found = _posts_by_file()
    known: dict[int, PostCapture] = {}
    for run, clock in enumerate(RUNS):
        for number, post in _posts_at(run):
            before = known.get(number)
            if before is None or _counters(before) != _counters(post):
                known[number] = post
                found.append(replace(post, source=SOURCE, account=_HANDLE, captured_at=clock))
    return found


def answers() -> Answers:
    """Reckoned as of the exports."""
    found = social_oracle.followers(BRAND, followers())
    found.merge(social_oracle.posts(BRAND, captures()))
    snapshots: list[Span] = [(tehran_day(clock), tehran_day(clock) + timedelta(days=1)) for clock in RUNS]
    for source, spans in (
        (social.NOVIN, _spans("followers/novin")), (social.LINKEDIN, _spans("followers/linkedin")), (SOURCE, snapshots),
    ):  # fmt: skip
        found.feeds += feeds(source, social_oracle.FOLLOWER_MEASURES, spans)
    found.feeds += feeds(social.POSTS, social_oracle.POST_MEASURES, _spans("posts/"))
    found.feeds += feeds(
        SOURCE, social_oracle.POST_MEASURES, every_day(_first_day()), usable_after_days=_USABLE_DAYS, final_after_days=_FINAL_DAYS
    )  # fmt: skip
    return found


def _first_day() -> date:
    """Day of the first post that is told of, on whichever network, so that days begin where they do by file."""
    return min(tehran_day(each.published_at) for each in social.captures())


def _spans(folder: str) -> list[Span]:
    of_runs = [[drop for drop in drops(run) if drop.name.startswith(folder)] for run in range(len(RUNS))]
    return final_spans(of_runs)


def _followers_by_file() -> list[FollowerCount]:
    return [each for each in social.followers() if each.platform != _PLATFORM]


def _posts_by_file() -> list[PostCapture]:
    return [each for each in social.captures() if each.platform != _PLATFORM]


def _followers_at(run: int) -> FollowerCount:
    """The count of a run: the newest that was ever noted before it."""
    counts = [
        each for each in social.followers() if each.platform == _PLATFORM and each.day < tehran_day(RUNS[run])
    ]
    newest = max(counts, key=lambda each: each.day)
    return replace(newest, source=SOURCE, account=_HANDLE, day=tehran_day(RUNS[run]))


def _posts_at(run: int) -> Iterator[tuple[int, PostCapture]]:
    """Posts by number as their newest reading before a run has them; what is nought is left out by Instagram."""
    newest: dict[str, PostCapture] = {}
    for each in social.captures():
        if each.platform == _PLATFORM and each.captured_at < RUNS[run]:
            newest[each.post_id] = each
    numbers = {
        name: number for number, name in enumerate(sorted({each.post_id for each in social.captures()}))
    }
    for post_id, each in newest.items():
        yield numbers[post_id], replace(each, shares=each.shares or None, saves=each.saves or None)


def _counters(post: PostCapture) -> tuple[int | None, ...]:
    return tuple(getattr(post, name) for name in _COUNTERS)
