"""Which question to YouTube fills which stream: channels as they are now, videos by list, days by report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from connectors.core.feed import Batch, EntityFeed, Feed, ReportFeed, SnapshotFeed
from connectors.core.window import DateWindow, oldest_wanted
from connectors.youtube.config import Config
from connectors.youtube.streams import CHANNEL_DAYS, FOLLOWERS, POSTS

if TYPE_CHECKING:
    from connectors.youtube.client import Record, YouTubeClient

_EXACT_BELOW = 1000
"""Counts from here on are rounded down to three figures."""
_WINDOW_DAYS = 90


def _told(record: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, object]:
    """What YouTube gives of ``names``, by our names; what it doesn't is left out, so that it is noticed."""
    return {ours: record[theirs] for theirs, ours in names.items() if theirs in record}


def _read_followers(client: YouTubeClient) -> Iterator[Batch]:
    """Every channel once."""
    yield Batch.of_rows(FOLLOWERS, [_channel(each) for each in client.channels()])


def _channel(channel: Record) -> dict[str, object]:
    counters, is_hidden = channel["statistics"], channel["statistics"]["hiddenSubscriberCount"]
    count = None if is_hidden else counters["subscriberCount"]
    return {
        "account_id": channel["id"],
        "handle": channel["snippet"].get("customUrl"),
        **_told(channel["snippet"], {"title": "title"}),
        "subscriber_count": count,
        "is_rounded": None if count is None else int(count) >= _EXACT_BELOW,
        "hidden_subscriber_count": is_hidden,
        **_told(counters, {"viewCount": "view_count", "videoCount": "video_count"}),
    }


def _read_posts(client: YouTubeClient, since: datetime | None) -> Iterator[Batch]:
    """Videos of every channel since ``since``; all that are wanted where it is None.

    A channel without any has no list.
    """
    oldest = oldest_wanted(client.config.start, since, zone=client.context.brand.timezone)
    for channel in client.channels():
        if channel["statistics"]["videoCount"] == "0":
            continue
        for page in client.videos(channel, oldest):
            wanted = [
                video
                for video in page
                if oldest is None or datetime.fromisoformat(video["snippet"]["publishedAt"]) >= oldest
            ]
            yield Batch.of_rows(POSTS, [_video(channel, video) for video in wanted])


def _video(channel: Record, video: Record) -> dict[str, object]:
    counters = video["statistics"]
    return {
        "account_id": channel["id"],
        "handle": channel["snippet"].get("customUrl"),
        "post_id": video["id"],
        **_told(video["snippet"], {"publishedAt": "published_at", "title": "title"}),
        "default_audio_language": video["snippet"].get("defaultAudioLanguage"),
        **_told(counters, {"viewCount": "view_count"}),
        "like_count": counters.get("likeCount"),
        "comment_count": counters.get("commentCount"),
    }


def _is_complete(client: YouTubeClient) -> bool:
    """Whether a whole list held all videos: what a cut one lacks may still be there."""
    return not client.is_cut


def _read_days(client: YouTubeClient, window: DateWindow) -> Iterator[Batch]:
    """Days of ``window`` of every channel."""
    assert client.analytics is not None  # noqa: S101 - the feed is there only where it is
    for channel in client.channels():
        rows = client.analytics.days(channel["id"], window)
        yield Batch.of_rows(CHANNEL_DAYS, [{"account_id": channel["id"], **row} for row in rows])


def _newest_day(client: YouTubeClient, today: date) -> date:
    assert client.analytics is not None  # noqa: S101 - the feed is there only where it is
    return client.analytics.newest(today)


def feeds(config: Config) -> Sequence[Feed]:
    """What a YouTube source lands."""
    # A channel that is new has its past, too.
    channels = " ".join(sorted(config.channels))
    found: list[Feed] = [SnapshotFeed(stream=FOLLOWERS, read=_read_followers)]
    if config.posts:
        found.append(
            EntityFeed(
                stream=POSTS,
                read=_read_posts,
                version="published_at",
                begins_at_start=True,
                overlap=timedelta(days=config.post_days),
                relist_after=timedelta(days=config.relist_days),
                list_is_complete=_is_complete,
                asked=lambda _: f"{config.start or ''} {channels}",
            )
        )
    if config.analytics is not None:
        found.append(
            ReportFeed(
                stream=CHANNEL_DAYS,
                read=_read_days,
                window_days=_WINDOW_DAYS,
                newest=_newest_day,
                asked=lambda _: channels,
            )
        )
    return found
