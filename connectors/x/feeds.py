"""Which question to X fills which stream: accounts as they are now, and posts by when they were posted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from connectors.core.feed import Batch, EntityFeed, Feed, SnapshotFeed
from connectors.core.window import oldest_wanted
from connectors.x.config import Config
from connectors.x.streams import FOLLOWERS, POSTS

if TYPE_CHECKING:
    from connectors.x.client import Record, XClient

_OF_ACCOUNT = ("followers_count", "following_count", "tweet_count", "listed_count")
_OF_POST = (
    "retweet_count",
    "quote_count",
    "reply_count",
    "like_count",
    "bookmark_count",
    "impression_count",
)


def _told(record: Record, names: Sequence[str]) -> dict[str, object]:
    """What X gives of ``names``; what it doesn't is left out, so that its absence is noticed."""
    return {name: record[name] for name in names if name in record}


def _read_followers(client: XClient) -> Iterator[Batch]:
    """Every account once."""
    for user in client.users():
        row = {
            "account_id": user["id"],
            **_told(user, ("username", "name")),
            **_told(user["public_metrics"], _OF_ACCOUNT),
        }
        yield Batch.of_rows(FOLLOWERS, [row])


def _read_posts(client: XClient, since: datetime | None) -> Iterator[Batch]:
    """Posts of every account since ``since``; all that are wanted where it is None."""
    oldest = oldest_wanted(client.config.start, since, zone=client.context.brand.timezone)
    for user in client.users():
        for page in client.posts(user["id"], oldest):
            yield Batch.of_rows(POSTS, [_post(user, post) for post in page])


def _post(user: Record, post: Record) -> dict[str, object]:
    references = post.get("referenced_tweets") or [{}]
    return {
        "account_id": user["id"],
        "username": user["username"],
        "post_id": post["id"],
        **_told(post, ("created_at",)),
        "reference_type": references[0].get("type"),
        **_told(post["public_metrics"], _OF_POST),
    }


def _is_complete(client: XClient) -> bool:
    """Whether a whole list held all posts: what a cut one lacks may still be there."""
    return not client.is_cut


def feeds(config: Config) -> Sequence[Feed]:
    """What an X source lands."""
    followers = SnapshotFeed(stream=FOLLOWERS, read=_read_followers)
    # An account that is new has its past, too.
    posts = EntityFeed(
        stream=POSTS,
        read=_read_posts,
        version="created_at",
        begins_at_start=True,
        overlap=timedelta(days=config.post_days),
        relist_after=timedelta(days=config.relist_days),
        list_is_complete=_is_complete,
        asked=lambda _: f"{config.start or ''} {' '.join(sorted(config.usernames))}",
    )
    return (followers, posts) if config.posts else (followers,)
