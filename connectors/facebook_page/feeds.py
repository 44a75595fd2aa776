"""Which question to Facebook fills which stream.

Posts have no change date: they are read newest first as far as ``post_days`` before the newest known one, and
as a whole list from time to time, which finds those that were deleted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from connectors.core.feed import Batch, EntityFeed, Feed, ReportFeed, SnapshotFeed
from connectors.core.window import DateWindow
from connectors.facebook_page.config import Config
from connectors.facebook_page.streams import FOLLOWERS, PAGE_DAYS, POSTS
from connectors.graph.days import values_by_day
from connectors.graph.posts import recent_posts

if TYPE_CHECKING:
    from connectors.facebook_page.client import FacebookPageClient
    from connectors.graph.client import Record

_COUNTS = ("name", "followers_count", "fan_count")
_POST_FIELDS = ("created_time", "status_type", "permalink_url")
_DAYS_A_CALL = 90
_LATE_DAYS = 3


def _read_followers(client: FacebookPageClient) -> Iterator[Batch]:
    """The one page; a column that isn't given is noticed, its count must be. Not every page has a handle."""
    page = client.page()
    told = {name: page[name] for name in _COUNTS if name in page}
    yield Batch.of_rows(
        FOLLOWERS, [{"page_id": client.config.page_id, "username": page.get("username"), **told}]
    )


def _read_posts(client: FacebookPageClient, since: datetime | None) -> Iterator[Batch]:
    """Posts with their insights, a call each."""
    zone = client.context.brand.timezone
    start = client.config.start
    for page in recent_posts(client.posts(), "created_time", since=since, start=start, zone=zone):
        yield Batch.of_rows(POSTS, [_post(client, post) for post in page])


def _post(client: FacebookPageClient, post: Record) -> dict[str, object]:
    """A row; what Facebook says nothing of is null, never zero."""
    config, insights = client.config, client.post_insights(str(post["id"]))
    return {
        "post_id": post["id"],
        "page_id": config.page_id,
        **{name: post[name] for name in _POST_FIELDS if name in post},
        "message": post.get("message"),
        "reactions": _total(post, "reactions"),
        "comments": _total(post, "comments"),
        "shares": (post.get("shares") or {}).get("count"),
        "reach": insights.get(config.reach_metric or ""),
        "views": insights.get(config.views_metric or ""),
        "clicks": insights.get(config.clicks_metric or ""),
    }


def _total(post: Record, edge: str) -> object:
    """How many there are of ``edge``; null where Facebook doesn't tell."""
    return ((post.get(edge) or {}).get("summary") or {}).get("total_count")


def _read_page_days(client: FacebookPageClient, window: DateWindow) -> Iterator[Batch]:
    """Metrics that come by day."""
    page_id = client.config.page_id
    yield Batch.of_rows(
        PAGE_DAYS,
        [
            {"date": str(day), "page_id": page_id, "metric": metric, "value": value}
            for metric, day, value in values_by_day(client.days(window), window)
        ],
    )


def _newest(_: FacebookPageClient, today: date) -> date:
    """Insights may be 48 hours late: a day that is asked for sooner would pass for one that has none."""
    return today - timedelta(days=_LATE_DAYS)


def feeds(config: Config) -> Sequence[Feed]:
    """What a page's source lands."""
    post_metrics = (config.reach_metric, config.views_metric, config.clicks_metric)
    every: list[Feed] = [
        SnapshotFeed(stream=FOLLOWERS, read=_read_followers),
        EntityFeed(
            stream=POSTS,
            read=_read_posts,
            version="created_time",
            begins_at_start=True,
            overlap=timedelta(days=config.post_days),
            list_is_complete=lambda client: client.listed_all(),
            asked=lambda _: f"{config.page_id} {config.start} {post_metrics} {config.captions}",
        ),
    ]
    if config.day_metrics:
        every.append(
            ReportFeed(
                stream=PAGE_DAYS,
                read=_read_page_days,
                window_days=_DAYS_A_CALL,
                memory_days=config.memory_days,
                newest=_newest,
                asked=lambda _: " ".join((config.page_id, *config.day_metrics)),
            )
        )
    return tuple(every)
