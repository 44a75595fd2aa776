"""YouTubeApi: Data API v3 and Analytics v2 of one project: channels, uploads, videos, an owner's exact days.

Comes in: an API key by header or query, or an owner's access token. Goes out: lists whose ``items`` are absent
where nothing is found, counts as strings, subscribers rounded down to three figures.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, ClassVar

from werkzeug import Request, Response

from tests.fakes.contract import Contract
from tests.fakes.faults import Fault
from tests.fakes.server import FakeApi, json_response

API_KEY = "AIzaSy-key-of-the-local-server"
CLIENT_ID, CLIENT_KEY = "client-of-the-local-owner", "GOCSPX-key-of-the-local-client"
REFRESH = "1//refresh-of-the-local-owner"
METRICS = (
    "subscribersGained",
    "subscribersLost",
    "views",
    "likes",
    "comments",
    "shares",
    "estimatedMinutesWatched",
)


@dataclass
class Video:
    """One public video.

    Attributes:
        language: that is spoken; None where nobody said.
        likes, comments: None where they are hidden or switched off.
    """

    id: str
    at: datetime
    title: str
    views: int = 0
    likes: int | None = 0
    comments: int | None = 0
    language: str | None = None


@dataclass
class Channel:
    """One channel.

    Attributes:
        id: begins with UC. subscribers: exact.
        hides: its subscribers are hidden.
        days: by day, numbers in the order of :data:`METRICS`.
    """

    id: str
    handle: str
    title: str
    subscribers: int
    hides: bool = False
    videos: list[Video] = field(default_factory=list)
    days: dict[date, Sequence[int]] = field(default_factory=dict)

    @property
    def uploads(self) -> str:
        """Id of the playlist of its videos."""
        return f"UU{self.id.removeprefix('UC')}"


class RefusalError(Exception):
    """A request that Google refuses; carries the response."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


class YouTubeApi(FakeApi):
    """YouTube as one project meets it.

    Attributes:
        key: the API key that is good. refresh: the owner's refresh token.
        channels: all that there are.
        owned: ids of those whose owner has consented.
        repeats_token: every page of uploads names itself as the next one.
    """

    contract: ClassVar[Contract | None] = Contract.of("youtube")

    def __init__(self, *, port: int = 0) -> None:
        super().__init__(port=port)
        self.key = API_KEY
        self.refresh = REFRESH
        self.channels: list[Channel] = []
        self.owned: set[str] = set()
        self.repeats_token = False
        self._issued = 0
        self._access = ""

    def answer(self, request: Request) -> Response:
        """The answer of a healthy server."""
        with self._lock:
            try:
                return self._routed(request)
            except RefusalError as error:
                return error.response

    def broken(self, fault: Fault, request: Request) -> Response:  # noqa: PLR0911 - one per fault
        """The fault in Google's form."""
        match fault:
            case Fault.THROTTLED:
                return refusal(429, "Quota exceeded for quota metric 'Queries'.", "rateLimitExceeded")
            case Fault.QUOTA_EXHAUSTED:
                said = "The request cannot be completed because you have exceeded your quota."
                return refusal(403, said, "quotaExceeded", domain="youtube.quota")
            case Fault.EXPIRED_TOKEN:
                if request.path == "/v2/reports":
                    self._access = ""
                    return refusal(401, "Request had invalid authentication credentials.", "authError")
                return bad_key()
            case Fault.FORBIDDEN:
                return refusal(
                    403, "YouTube Data API v3 has not been used in project.", "accessNotConfigured"
                )
            case Fault.ERROR_WITH_200:
                body = {"error": {"code": 503, "message": "Backend Error", "errors": []}}
                return json_response(body)
            case Fault.SERVER_ERROR:
                return refusal(500, "Internal error encountered.", "backendError")
        raise ValueError(f"{fault} isn't the vendor's to show")

    def _routed(self, request: Request) -> Response:
        if request.path == "/token":
            return self._token(request)
        if request.path == "/v2/reports":
            return self._report(request)
        if request.headers.get("X-Goog-Api-Key", request.args.get("key")) != self.key:
            raise RefusalError(bad_key())
        match request.path:
            case "/youtube/v3/channels":
                return self._channels(request.args)
            case "/youtube/v3/playlistItems":
                return self._uploads(request.args)
            case "/youtube/v3/videos":
                return self._videos(request.args)
        return Response(
            "<html><title>Error 404 (Not Found)!!1</title></html>", status=404, content_type="text/html"
        )

    def _channels(self, asked: Mapping[str, str]) -> Response:
        ids = asked.get("id", "").split(",")
        handle = asked.get("forHandle", "").removeprefix("@").lower()
        found = [
            each
            for each in self.channels
            if each.id in ids or each.handle.removeprefix("@").lower() == handle
        ]
        parts = asked["part"].split(",")
        return listed("channel", [told(each, parts) for each in found], total=len(found))

    def _uploads(self, asked: Mapping[str, str]) -> Response:
        channel = next((each for each in self.channels if each.uploads == asked["playlistId"]), None)
        if channel is None or not channel.videos:
            raise RefusalError(
                refusal(
                    404,
                    "The playlist identified with the request's playlistId cannot be found.",
                    "playlistNotFound",
                )
            )
        newest = sorted(channel.videos, key=lambda video: (video.at, video.id), reverse=True)
        size, start = int(asked.get("maxResults", 5)), _place(asked.get("pageToken"))
        items = [
            {
                "kind": "youtube#playlistItem",
                "id": f"item-{video.id}",
                "contentDetails": {"videoId": video.id, "videoPublishedAt": instant(video.at)},
            }
            for video in newest[start : start + size]
        ]
        following = _token(start + size) if start + size < len(newest) else None
        if self.repeats_token:
            following = asked.get("pageToken") or _token(0)
        return listed("playlistItem", items, total=len(newest), size=size, following=following)

    def _videos(self, asked: Mapping[str, str]) -> Response:
        ids = asked["id"].split(",")
        if len(ids) > 50:
            raise RefusalError(
                refusal(400, "The request specifies an invalid filter parameter.", "invalidFilters")
            )
        by_id = {video.id: (channel, video) for channel in self.channels for video in channel.videos}
        items = [_video(*by_id[each]) for each in ids if each in by_id]
        return listed("video", items, total=len(items))

    def _token(self, request: Request) -> Response:
        asked = request.form
        if (asked.get("client_id"), asked.get("client_secret")) != (CLIENT_ID, CLIENT_KEY):
            return json_response({"error": "invalid_client", "error_description": "Unauthorized"}, status=401)
        if asked.get("refresh_token") != self.refresh:
            said = {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
            return json_response(said, status=400)
        self._issued += 1
        self._access = f"ya29.access-{self._issued}-of-the-local-owner"
        return json_response({"access_token": self._access, "expires_in": 3599, "token_type": "Bearer"})

    def _report(self, request: Request) -> Response:
        if not self._access or request.headers.get("Authorization") != f"Bearer {self._access}":
            raise RefusalError(refusal(401, "Request had invalid authentication credentials.", "authError"))
        asked = request.args
        channel_id = asked["ids"].removeprefix("channel==")
        channel = next((each for each in self.channels if each.id == channel_id), None)
        if channel is None or channel.id not in self.owned:
            raise RefusalError(refusal(403, "Forbidden", "forbidden"))
        first, last = date.fromisoformat(asked["startDate"]), date.fromisoformat(asked["endDate"])
        metrics = asked["metrics"].split(",")
        headers = [
            {"name": "day", "columnType": "DIMENSION", "dataType": "STRING"},
            *({"name": name, "columnType": "METRIC", "dataType": "INTEGER"} for name in metrics),
        ]
        rows = [
            [day.isoformat(), *(numbers[METRICS.index(name)] for name in metrics)]
            for day, numbers in sorted(channel.days.items())
            if first <= day <= last
        ]
        body: dict[str, Any] = {"kind": "youtubeAnalytics#resultTable", "columnHeaders": headers}
        return json_response(body | ({"rows": rows} if rows else {}))


def told(channel: Channel, parts: Sequence[str]) -> dict[str, Any]:
    """A channel with the parts that were asked for."""
    item: dict[str, Any] = {"kind": "youtube#channel", "id": channel.id}
    if "snippet" in parts:
        item["snippet"] = {"title": channel.title, "customUrl": channel.handle}
    if "statistics" in parts:
        item["statistics"] = {
            "viewCount": str(sum(video.views for video in channel.videos)),
            "hiddenSubscriberCount": channel.hides,
            "videoCount": str(len(channel.videos)),
        }
        if not channel.hides:
            item["statistics"]["subscriberCount"] = str(rounded_down(channel.subscribers))
    if "contentDetails" in parts:
        item["contentDetails"] = {"relatedPlaylists": {"likes": "", "uploads": channel.uploads}}
    return item


def rounded_down(count: int) -> int:
    """``count`` with three figures, as the public sees it."""
    unit = 10 ** max(0, len(str(count)) - 3)
    return count // unit * unit


def listed(
    kind: str,
    items: Sequence[Mapping[str, Any]],
    *,
    total: int,
    size: int = 5,
    following: str | None = None,
) -> Response:
    """A list in Google's form: nothing found means no ``items``."""
    body: dict[str, Any] = {
        "kind": f"youtube#{kind}ListResponse",
        "etag": "etag",
        "pageInfo": {"totalResults": total, "resultsPerPage": size},
    }
    if following is not None:
        body["nextPageToken"] = following
    return json_response(body | ({"items": list(items)} if items else {}))


def refusal(status: int, message: str, reason: str, *, domain: str = "global") -> Response:
    """A refusal in Google's form."""
    errors = [{"message": message, "domain": domain, "reason": reason}]
    return json_response({"error": {"code": status, "message": message, "errors": errors}}, status=status)


def bad_key() -> Response:
    """An API key that isn't good comes as 400."""
    said = "API key not valid. Please pass a valid API key."
    error = {
        "code": 400,
        "message": said,
        "errors": [{"message": said, "domain": "global", "reason": "badRequest"}],
        "status": "INVALID_ARGUMENT",
        "details": [
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "API_KEY_INVALID",
                "domain": "googleapis.com",
            }
        ],
    }
    return json_response({"error": error}, status=400)


def instant(at: datetime) -> str:
    """As Google writes moments."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _video(channel: Channel, video: Video) -> dict[str, Any]:
    snippet = {"publishedAt": instant(video.at), "channelId": channel.id, "title": video.title}
    if video.language is not None:
        snippet["defaultAudioLanguage"] = video.language
    counters = {"viewCount": video.views, "likeCount": video.likes, "commentCount": video.comments}
    statistics = {name: str(count) for name, count in counters.items() if count is not None}
    return {
        "kind": "youtube#video",
        "id": video.id,
        "snippet": snippet,
        "statistics": statistics | {"favoriteCount": "0"},
    }


def _token(place: int) -> str:
    return urlsafe_b64encode(f"at:{place}".encode()).decode()


def _place(token: str | None) -> int:
    return int(urlsafe_b64decode(token.encode()).removeprefix(b"at:")) if token else 0
