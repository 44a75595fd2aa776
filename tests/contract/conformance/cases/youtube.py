"""YouTube: items are videos of one channel; the label is the language that is spoken, the amount the likes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from werkzeug import Request

from connectors.youtube.streams import CHANNEL_DAYS, FOLLOWERS, POSTS
from tests.contract.conformance.case import PAGE, Drift, Item, NetworkedCase, Row
from tests.contract.conformance.moments import EARLIER, RECENT, noon
from tests.contract.conformance.reshape import Reshaping, renamed, without
from tests.fakes.youtube import API_KEY, CLIENT_ID, CLIENT_KEY, REFRESH, Channel, Video, YouTubeApi

_CHANNEL, _HANDLE, _TITLE = "UCsib0000000000000000000", "@sib.shop", "سیب‌فروشی"
_KEY, _ID, _SECRET, _REFRESH = (
    "SUITE_YOUTUBE_KEY",
    "SUITE_YOUTUBE_ID",
    "SUITE_YOUTUBE_SECRET",
    "SUITE_YOUTUBE_OWNER",
)
_FIELD = "viewCount"
_DAYS = {EARLIER: (12, 3, 900, 40, 2, 5, 2400), RECENT: (7, 9, 700, -1, 0, 4, 1800)}


class _Api(Reshaping, YouTubeApi):
    """YouTube that may change its shape."""


class YouTubeCase(NetworkedCase):
    """One channel and its owner; deleted videos show when all are listed again."""

    name = "youtube"
    connector = "youtube"
    stream = POSTS
    another_account = ("channels", ["@sib_help"])
    label = "fa"
    beside = frozenset({FOLLOWERS.id})
    absence_seen_after: ClassVar[timedelta] = timedelta(days=1)
    renews_credentials: ClassVar[bool] = False

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.api: _Api = self._open.enter_context(_Api())
        self._channel = Channel(_CHANNEL, _HANDLE, _TITLE, subscribers=12_345, days=dict(_DAYS))
        self.api.channels = [self._channel]
        self.api.owned = {_CHANNEL}

    def hold(self, items: Sequence[Item], *, at: datetime) -> None:
        """Videos have no moment of change."""
        del at
        self._channel.videos = [
            Video(
                id=_id(item),
                at=_moment(item),
                title=item.text,
                views=1000,
                likes=item.amount,
                comments=None,
                language=item.label,
            )
            for item in items
        ]

    def expected(self, items: Sequence[Item]) -> Mapping[str, Sequence[Row]]:
        """Videos, the channel as it is now, and the owner's days."""
        return {
            POSTS.id: [
                {
                    "account_id": _CHANNEL,
                    "handle": _HANDLE,
                    "post_id": _id(item),
                    "published_at": _moment(item).replace(tzinfo=None),
                    "title": item.text,
                    "default_audio_language": item.label,
                    "view_count": 1000,
                    "like_count": item.amount,
                    "comment_count": None,
                }
                for item in items
            ],
            FOLLOWERS.id: [
                {
                    "captured_at": self.time.replace(tzinfo=None),
                    "account_id": _CHANNEL,
                    "subscriber_count": 12_300,
                    "is_rounded": True,
                    "video_count": len(items),
                }
            ],
            CHANNEL_DAYS.id: [
                {
                    "day": day,
                    "account_id": _CHANNEL,
                    "subscribers_gained": gained,
                    "subscribers_lost": lost,
                    "likes": likes,
                }
                for day, (gained, lost, _, likes, *_) in _DAYS.items()
            ],
        }

    def keys(self) -> dict[str, Any]:
        """One channel by its handle."""
        return {
            "key_env": _KEY,
            "channels": [_HANDLE],
            "analytics": {
                "client_id_env": _ID,
                "client_secret_env": _SECRET,
                "refresh_token_env": _REFRESH,
                "token_url": self.api.base_url,
                "base_url": self.api.base_url,
            },
            "base_url": self.api.base_url,
            "page_size": PAGE,
        }

    def environment(self) -> dict[str, str]:
        """The key and the owner's consent."""
        return {_KEY: API_KEY, _ID: CLIENT_ID, _SECRET: CLIENT_KEY, _REFRESH: REFRESH}

    @property
    def secrets(self) -> Sequence[str]:
        """The key and the owner's consent."""
        return (API_KEY, CLIENT_KEY, REFRESH)

    def asks_for_stream(self, request: Request) -> bool:
        """A page of uploads."""
        return request.path.endswith("/playlistItems")

    def in_front(self, items: Sequence[Item]) -> Item:
        """Newest first."""
        newest = max(item.number for item in items)
        return Item(number=newest + 1, day=items[0].day, text="newest", label=self.label)

    def repeat_pages(self) -> None:
        """Every page names itself as the next one."""
        self.api.repeats_token = True

    def drift(self, kind: Drift) -> None:
        """Of the views."""
        self.api.lies = True
        self.api.reshape = lambda body, request: _drifted(body, request, kind)

    def heal(self) -> None:
        """Of everything."""
        super().heal()
        self.api.repeats_token = False
        self.api.reshape = None


def _drifted(body: dict[str, Any], request: Request, kind: Drift) -> dict[str, Any]:
    if kind is Drift.NEW:
        return body | {"mood": "شاد", "items": [each | {"mood": "شاد"} for each in body.get("items", [])]}
    if not request.path.endswith("/videos"):
        return body
    return body | {
        "items": [each | {"statistics": _shaped(each["statistics"], kind)} for each in body["items"]]
    }


def _shaped(counters: dict[str, Any], kind: Drift) -> dict[str, Any]:
    match kind:
        case Drift.VANISHED:
            return without(counters, _FIELD)
        case Drift.RENAMED:
            return renamed(counters, _FIELD, "engagedViewCount")
    return counters | {_FIELD: "many"}


def _id(item: Item) -> str:
    return f"video-{item.number:05d}"


def _moment(item: Item) -> datetime:
    return noon(item.day) + timedelta(seconds=item.number)


CASES = (YouTubeCase,)
