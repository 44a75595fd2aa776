"""Calls of YouTube's Data API: channels and their videos, by an API key that travels in a header.

Facts: YouTube Data API v3 discovery document and developers.google.com/youtube: ``items`` is absent where
nothing is found, counts are strings, subscribers are rounded down to three figures, a day has 10,000 units.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from connectors.core.api import Account, Context
from connectors.core.api_config import secret_of
from connectors.core.auth import HeaderKey
from connectors.core.errors import PageDriftError, PermanentError
from connectors.core.http import Http
from connectors.core.paging import Page, pages
from connectors.core.rate_limit import Rate
from connectors.youtube.analytics import Analytics
from connectors.youtube.config import Config
from connectors.youtube.errors import judge

_RATE = Rate(calls=50, seconds=1)
_OF_CHANNEL = "snippet,statistics,contentDetails"

Record = dict[str, Any]


class YouTubeClient:
    """Asks of some channels.

    Attributes:
        analytics: asks as their owner; None where nobody is configured.
        is_cut: whether a list of videos was as long as YouTube gives at most.
    """

    def __init__(self, config: Config, context: Context) -> None:
        self.config = config
        self.context = context
        self.is_cut = False
        key = secret_of(config.key_env, source_id=context.source_id)
        self._http = Http(
            context,
            config.http,
            base_url=config.base_url,
            limiter=context.limits.of(f"youtube:{key}", _RATE),
            auth=HeaderKey("X-Goog-Api-Key", key),
            judge=judge,
        )
        self._root = f"/youtube/{config.api_version}"
        self._lock = threading.Lock()
        self._channels: list[Record] | None = None
        self.analytics = None if config.analytics is None else Analytics(config, config.analytics, context)

    def account(self) -> Account:
        """The channels, which YouTube knows; what the owner's consent is good for."""
        titles = [str(each["snippet"]["title"]) for each in self.channels()]
        permission = "reads what the public sees"
        if self.analytics is not None:
            self.analytics.probe([each["id"] for each in self.channels()])
            permission = "reads what the public sees, and the owner's exact days"
        hidden = [
            each["snippet"]["title"]
            for each in self.channels()
            if each["statistics"].get("hiddenSubscriberCount")
        ]
        notes = ("subscriber counts of 1,000 and more are rounded down to three figures",)
        return Account(
            identity=f"YouTube {', '.join(titles)}",
            permission=permission,
            notes=(*notes, *(f"{title} hides its subscribers" for title in hidden)),
        )

    def channels(self) -> list[Record]:
        """Every channel with its counters; asked once.

        Raises:
            PermanentError: YouTube doesn't know one of them.
        """
        with self._lock:
            if self._channels is None:
                self._channels = self._asked_channels()
            return self._channels

    def videos(self, channel: Record, since: datetime | None) -> Iterator[list[Record]]:
        """Pages of a channel's videos, newest first, none behind the first that is older than ``since``."""
        playlist = channel["contentDetails"]["relatedPlaylists"]["uploads"]
        received = 0
        for page in self._uploads(playlist):
            received += len(page)
            ids = [entry["contentDetails"]["videoId"] for entry in page]
            if ids:
                asked = {"part": "snippet,statistics", "id": ",".join(ids), "maxResults": len(ids)}
                yield self._items("videos", asked, f"{len(ids)} videos of {playlist}")
            if since is not None and _is_older(page, since):
                return
        if received >= self.config.playlist_cap:
            self.is_cut = True

    def close(self) -> None:
        """Close connections."""
        self._http.close()
        if self.analytics is not None:
            self.analytics.close()

    def _asked_channels(self) -> list[Record]:
        ids = [each for each in self.config.channels if not each.startswith("@")]
        handles = [each for each in self.config.channels if each.startswith("@")]
        found: list[Record] = []
        if ids:
            asked = {"part": _OF_CHANNEL, "id": ",".join(ids), "maxResults": 50}
            found = self._items("channels", asked, f"the channels {', '.join(ids)}")
        unknown = sorted(set(ids) - {each["id"] for each in found})
        for handle in handles:
            named = self._items(
                "channels", {"part": _OF_CHANNEL, "forHandle": handle}, f"the channel {handle}"
            )
            found += named
            unknown += [] if named else [handle]
        if unknown:
            raise PermanentError(
                f"Source {self.context.source_id}: YouTube knows no channel {', '.join(unknown)}. Nothing "
                "was stored. Correct `channels` in sanjeh.yml: the id is in the channel's advanced settings, "
                "the handle in its address; a closed channel is unknown, too. Then run `sanjeh check`."
            )
        return found

    def _uploads(self, playlist: str) -> Iterator[list[Record]]:
        """Pages of the playlist of uploads.

        Raises:
            PageDriftError: the list changed while it was read.
        """
        what = f"Source {self.context.source_id}, uploads {playlist}"
        seen: set[str] = set()
        totals: set[int] = set()

        def fetch(token: str | None) -> Page[list[Record]]:
            asked = {"part": "contentDetails", "playlistId": playlist, "maxResults": self.config.page_size}
            body = self._call(
                "playlistItems", asked | ({"pageToken": token} if token else {}), f"uploads {playlist}"
            )
            totals.add(body["pageInfo"]["totalResults"])
            return Page(body.get("items", []), body.get("nextPageToken"))

        for page in pages(fetch, what=what):
            ids = {entry["contentDetails"]["videoId"] for entry in page}
            if ids & seen or len(totals) > 1:
                raise PageDriftError(
                    f"{what}: a video came twice or the list changed its length while it was read. Nothing "
                    "of it was stored; run again."
                )
            seen |= ids
            yield page

    def _items(self, method: str, asked: Mapping[str, object], what: str) -> list[Record]:
        """What was found; ``items`` is absent where nothing was."""
        return list(self._call(method, asked, what).get("items", []))

    def _call(self, method: str, asked: Mapping[str, object], what: str) -> Record:
        return dict(self._http.call("GET", f"{self._root}/{method}", params=asked, what=what).json)


def _is_older(page: Sequence[Record], since: datetime) -> bool:
    """Whether all of a page was published before ``since``; a private video doesn't say when."""
    told = [each["contentDetails"].get("videoPublishedAt") for each in page]
    return bool(told) and all(each is not None and datetime.fromisoformat(each) < since for each in told)


def connect(config: Config, context: Context) -> YouTubeClient:
    """The client; nothing is called yet."""
    return YouTubeClient(config, context)
