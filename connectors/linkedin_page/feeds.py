"""Which question to LinkedIn fills which stream: pages as they are now, gains by day, posts by list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from connectors.core.feed import Batch, EntityFeed, Feed, ReportFeed, SnapshotFeed
from connectors.core.window import DateWindow, oldest_wanted
from connectors.linkedin_page.config import Config
from connectors.linkedin_page.streams import FOLLOWER_GAINS, FOLLOWERS, POSTS

if TYPE_CHECKING:
    from connectors.linkedin_page.client import LinkedInClient, Record

_WINDOW_DAYS = 90
_GAINS = {"organicFollowerGains": "organic_follower_gains", "paidFollowerGains": "paid_follower_gains"}
_STATISTICS = {
    "impressionCount": "impression_count",
    "uniqueImpressionsCount": "unique_impressions_count",
    "clickCount": "click_count",
    "likeCount": "like_count",
    "commentCount": "comment_count",
    "shareCount": "share_count",
}


def _told(record: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, object]:
    """What LinkedIn gives of ``names``, by our names; what it doesn't is left out, so that it is noticed."""
    return {ours: record[theirs] for theirs, ours in names.items() if theirs in record}


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC)


def _read_followers(client: LinkedInClient) -> Iterator[Batch]:
    """Every page once."""
    for organization in client.config.organizations:
        row = {"account_id": str(organization), "first_degree_size": client.followers(organization)}
        yield Batch.of_rows(FOLLOWERS, [row])


def _read_gains(client: LinkedInClient, window: DateWindow) -> Iterator[Batch]:
    """Gains of the days of ``window`` of every page."""
    for organization in client.config.organizations:
        rows = [
            {
                "day": _moment(each["timeRange"]["start"]).date().isoformat(),
                "account_id": str(organization),
                **_told(each["followerGains"], _GAINS),
            }
            for each in client.gains(organization, window)
        ]
        yield Batch.of_rows(FOLLOWER_GAINS, rows)


def _newest_day(client: LinkedInClient, today: date) -> date:
    return client.newest_day(today)


def _read_posts(client: LinkedInClient, since: datetime | None) -> Iterator[Batch]:
    """Posts of every company page since ``since``; all that are wanted where it is None."""
    oldest = oldest_wanted(client.config.start, since, zone=client.context.brand.timezone)
    for organization in client.config.organizations:
        for page in client.posts(organization):
            wanted = [post for post in page if oldest is None or _moment(post["publishedAt"]) >= oldest]
            statistics = client.statistics(organization, [post["id"] for post in wanted])
            rows = [_post(organization, post, statistics.get(post["id"])) for post in wanted]
            yield Batch.of_rows(POSTS, rows)
            if page and not wanted:
                break


def _post(organization: int, post: Record, statistics: Record | None) -> dict[str, object]:
    content = post.get("content") or {}
    titled = content.get("article") or content.get("media") or {}
    counters = dict.fromkeys(_STATISTICS.values()) if statistics is None else _told(statistics, _STATISTICS)
    return {
        "account_id": str(organization),
        "post_id": post["id"],
        "published_at": _moment(post["publishedAt"]).isoformat(),
        **_told(post, {"lifecycleState": "lifecycle_state"}),
        "visibility": post.get("visibility"),
        "title": titled.get("title"),
        **counters,
    }


def feeds(config: Config) -> Sequence[Feed]:
    """What a LinkedIn page source lands."""
    # A page that is new has its past, too.
    pages = " ".join(map(str, sorted(config.organizations)))
    followers = SnapshotFeed(stream=FOLLOWERS, read=_read_followers)
    gains = ReportFeed(
        stream=FOLLOWER_GAINS,
        read=_read_gains,
        window_days=_WINDOW_DAYS,
        memory_days=config.memory_days,
        newest=_newest_day,
        asked=lambda _: pages,
    )
    posts = EntityFeed(
        stream=POSTS,
        read=_read_posts,
        version="published_at",
        begins_at_start=True,
        overlap=timedelta(days=config.post_days),
        relist_after=timedelta(days=config.relist_days),
        asked=lambda _: f"{config.start or ''} {pages}",
    )
    return (followers, gains, posts) if config.posts else (followers, gains)
