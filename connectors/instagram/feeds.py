"""Which question to Instagram fills which stream.

Posts have no change date and no filter by date: they are read newest first as far as ``post_days`` before the
newest known one, and as a whole list from time to time, which finds those that were deleted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from connectors.core.feed import Batch, EntityFeed, Feed, ReportFeed, SnapshotFeed
from connectors.core.window import DateWindow
from connectors.graph.days import values_by_day
from connectors.graph.posts import recent_posts
from connectors.instagram.config import Config
from connectors.instagram.streams import ACCOUNT_DAYS, FOLLOWERS, POSTS

if TYPE_CHECKING:
    from connectors.graph.client import Record
    from connectors.instagram.client import InstagramClient

_COUNTS = ("username", "followers_count", "follows_count", "media_count")
_POST_FIELDS = (
    "username",
    "timestamp",
    "media_type",
    "media_product_type",
    "permalink",
    "like_count",
    "comments_count",
)
_INSIGHTS = ("reach", "views", "saved", "shares", "total_interactions")
_WITH_INSIGHTS = frozenset({"FEED", "REELS"})
"""Kinds of product whose metrics are those of ``media_metrics``; an ad or a new kind would refuse them."""
_NEW_FOLLOWERS, _NEW_FOLLOWERS_DAYS, _NEW_FOLLOWERS_FROM = "follower_count", 30, 100
_DAYS_A_CALL = 30
_LATE_DAYS = 3


def _read_followers(client: InstagramClient) -> Iterator[Batch]:
    """The one account; a column that isn't given is noticed, its count must be."""
    profile = client.profile()
    told = {name: profile[name] for name in _COUNTS if name in profile}
    yield Batch.of_rows(FOLLOWERS, [{"account_id": client.config.account_id, **told}])


def _read_posts(client: InstagramClient, since: datetime | None) -> Iterator[Batch]:
    """Posts with their insights, a call each."""
    zone = client.context.brand.timezone
    start = client.config.start
    for page in recent_posts(client.posts(), "timestamp", since=since, start=start, zone=zone):
        yield Batch.of_rows(POSTS, [_post(client, post) for post in page])


def _post(client: InstagramClient, post: Record) -> dict[str, object]:
    """A row; what Instagram says nothing of is null, never zero."""
    has_insights = post.get("media_product_type") in _WITH_INSIGHTS and client.config.media_metrics
    insights = client.post_insights(str(post["id"])) if has_insights else {}
    return {
        "media_id": post["id"],
        "account_id": client.config.account_id,
        **{name: post[name] for name in _POST_FIELDS if name in post},
        "like_count": post.get("like_count"),
        "caption": post.get("caption"),
        **{name: insights.get(name) for name in _INSIGHTS},
    }


def _read_account_days(client: InstagramClient, window: DateWindow) -> Iterator[Batch]:
    """Metrics that come by day, new followers as far as they are told, and a total a day."""
    config = client.config
    by_day = [name for name in config.day_metrics if name != _NEW_FOLLOWERS]
    answers = [(window, client.days(by_day, window))] if by_day else []
    recent = _told_new_followers(client, window)
    if _NEW_FOLLOWERS in config.day_metrics and recent is not None:
        answers.append((recent, client.days([_NEW_FOLLOWERS], recent)))
    rows = [
        _row(client, day, metric, value)
        for asked, metrics in answers
        for metric, day, value in values_by_day(metrics, asked)
    ]
    yield Batch.of_rows(ACCOUNT_DAYS, rows)
    for day in window.days() if config.total_metrics else ():
        totals = client.totals(config.total_metrics, DateWindow.inclusive(day, day))
        told = [(metric["name"], metric["total_value"]) for metric in totals if "total_value" in metric]
        yield Batch.of_rows(
            ACCOUNT_DAYS,
            [_row(client, day, metric, total["value"]) for metric, total in told if "value" in total],
        )


def _told_new_followers(client: InstagramClient, window: DateWindow) -> DateWindow | None:
    """The days of ``window`` that new followers are told of; none of an account with fewer than 100."""
    if client.followers < _NEW_FOLLOWERS_FROM:
        return None
    today = client.context.now.date()
    return window.clip(today - timedelta(days=_NEW_FOLLOWERS_DAYS - 1), today)


def _row(client: InstagramClient, day: date, metric: str, value: object) -> dict[str, object]:
    return {"date": str(day), "account_id": client.config.account_id, "metric": metric, "value": value}


def _newest(_: InstagramClient, today: date) -> date:
    """Insights may be 48 hours late: a day that is asked for sooner would pass for one that has none."""
    return today - timedelta(days=_LATE_DAYS)


def feeds(config: Config) -> Sequence[Feed]:
    """What an Instagram source lands."""
    every: list[Feed] = [
        SnapshotFeed(stream=FOLLOWERS, read=_read_followers),
        EntityFeed(
            stream=POSTS,
            read=_read_posts,
            version="timestamp",
            begins_at_start=True,
            overlap=timedelta(days=config.post_days),
            asked=lambda _: (
                f"{config.account_id} {config.start} {' '.join(config.media_metrics)} {config.captions}"
            ),
        ),
    ]
    if config.day_metrics or config.total_metrics:
        every.append(
            ReportFeed(
                stream=ACCOUNT_DAYS,
                read=_read_account_days,
                window_days=_DAYS_A_CALL,
                memory_days=config.memory_days,
                newest=_newest,
                asked=lambda _: " ".join((config.account_id, *config.day_metrics, *config.total_metrics)),
            )
        )
    return tuple(every)
