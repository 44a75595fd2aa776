"""XApi: accounts and posts as X serves them to an app: by bearer token, newest first, with limits in headers.

Comes in: a name or an account's id. Goes out: ``data``, ``meta`` and ``errors``; who isn't known is told with
HTTP 200. Posts that are reposts bear the counters of the post that they repeat.
"""

from __future__ import annotations

import re
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar

from werkzeug import Request, Response

from tests.fakes.contract import Contract
from tests.fakes.faults import Fault
from tests.fakes.server import FakeApi, json_response

APP_KEY = "AAAAAAAA-bearer-of-the-local-app"
LIMIT, WINDOW = 300, 900
TIMELINE_CAP = 3200
"""Most posts of an account that X gives."""

_USER = re.compile(r"/2/users/by/username/([^/]+)")
_POSTS = re.compile(r"/2/users/([0-9]+)/tweets")
_PROBLEMS = "https://api.twitter.com/2/problems/"


@dataclass
class Post:
    """One post.

    Attributes:
        reference: quoted, replied_to or retweeted; None for one of its own.
        counters: over those that X gives, which are else 0; None leaves one out.
    """

    id: int
    at: datetime
    text: str = ""
    reference: str | None = None
    counters: Mapping[str, object] = field(default_factory=dict)


@dataclass
class User:
    """One account; the posts of a protected one are for its followers."""

    id: int
    username: str
    name: str
    followers: int
    following: int = 10
    is_protected: bool = False
    posts: list[Post] = field(default_factory=list)


class XApi(FakeApi):
    """X as one app meets it.

    Attributes:
        key: the app's token.
        users: all accounts.
        resets_after: seconds until a limit ends.
        repeats_token: every page names itself as the next one.
        timeline_cap: most posts of an account that are given.
    """

    contract: ClassVar[Contract | None] = Contract.of("x")

    def __init__(self, *, port: int = 0) -> None:
        super().__init__(port=port)
        self.key = APP_KEY
        self.users: list[User] = []
        self.resets_after = 1
        self.repeats_token = False
        self.timeline_cap = TIMELINE_CAP
        self._left = LIMIT

    def is_data(self, request: Request) -> bool:  # noqa: ARG002 - the base has it; an app has no calls for tokens
        """Every call is for data, though pages are named by tokens."""
        return True

    def answer(self, request: Request) -> Response:
        """The answer of a healthy server."""
        if request.headers.get("Authorization") != f"Bearer {self.key}":
            return problem(401, "Unauthorized", "Unauthorized")
        user, posts = _USER.fullmatch(request.path), _POSTS.fullmatch(request.path)
        with self._lock:
            self._left = max(0, self._left - 1)
            if user:
                response = self._user(user[1], request)
            elif posts:
                response = self._posts(int(posts[1]), request)
            else:
                response = problem(404, "Not Found", "Not Found")
            response.headers.update(self._limits())
        return response

    def broken(self, fault: Fault, request: Request) -> Response:  # noqa: ARG002 - the base has it; every call breaks alike
        """The fault in X's form."""
        match fault:
            case Fault.THROTTLED:
                response = problem(429, "Too Many Requests", "Too Many Requests")
                reset = int(time.time()) + self.resets_after
                response.headers.update({**self._limits(), "x-rate-limit-remaining": "0"})
                response.headers["x-rate-limit-reset"] = str(reset)
                return response
            case Fault.QUOTA_EXHAUSTED:
                said = "Usage cap exceeded: Monthly product cap"
                return problem(
                    429, "UsageCapExceeded", said, kind=f"{_PROBLEMS}usage-capped", period="Monthly"
                )
            case Fault.EXPIRED_TOKEN:
                return problem(401, "Unauthorized", "Unauthorized")
            case Fault.FORBIDDEN:
                return problem(403, "Forbidden", "Your client app is not configured with the right access.")
            case Fault.ERROR_WITH_200:
                error = {"title": "Service Unavailable", "detail": "Try again.", "type": "about:blank"}
                return json_response({"errors": [error]})
            case Fault.SERVER_ERROR:
                return problem(500, "Internal Server Error", "Internal Server Error")
        raise ValueError(f"{fault} isn't the vendor's to show")

    def _limits(self) -> dict[str, str]:
        return {
            "x-rate-limit-limit": str(LIMIT),
            "x-rate-limit-remaining": str(self._left),
            "x-rate-limit-reset": str(int(time.time()) + WINDOW),
        }

    def _user(self, name: str, request: Request) -> Response:
        user = next((each for each in self.users if each.username.lower() == name.lower()), None)
        if user is None:
            return unknown("username", name)
        data: dict[str, Any] = {"id": str(user.id), "name": user.name, "username": user.username}
        if "public_metrics" in request.args.get("user.fields", "").split(","):
            data["public_metrics"] = {
                "followers_count": user.followers,
                "following_count": user.following,
                "tweet_count": len(user.posts),
                "listed_count": 3,
            }
        return json_response({"data": data})

    def _posts(self, user_id: int, request: Request) -> Response:
        user = next((each for each in self.users if each.id == user_id), None)
        if user is None:
            return unknown("id", str(user_id))
        if user.is_protected:
            error = {
                "title": "Authorization Error",
                "detail": f"Sorry, you are not authorized to see the user with id: [{user_id}].",
                "type": f"{_PROBLEMS}not-authorized-for-resource",
            }
            return json_response({"errors": [error]})
        asked = request.args
        size = int(asked.get("max_results", 10))
        if not 5 <= size <= 100:
            return problem(400, "Invalid Request", f"The max_results value [{size}] is not between 5 and 100")
        newest = sorted(user.posts, key=lambda post: post.id, reverse=True)[: self.timeline_cap]
        newest = [post for post in newest if _is_asked(post, asked)]
        token = asked.get("pagination_token")
        older = [post for post in newest if token is None or post.id < _place(token)]
        page = older[:size]
        meta: dict[str, Any] = {"result_count": len(page)}
        if len(older) > size:
            meta["next_token"] = _token(page[-1].id)
        if self.repeats_token:
            meta["next_token"] = token or _token(0)
        if page:
            meta |= {"newest_id": str(page[0].id), "oldest_id": str(page[-1].id)}
        fields = asked.get("tweet.fields", "").split(",")
        body: dict[str, Any] = {"meta": meta}
        if page:
            body["data"] = [told(post, fields) for post in page]
        return json_response(body)


def told(post: Post, fields: Iterable[str]) -> dict[str, Any]:
    """A post with the fields that were asked for."""
    data: dict[str, Any] = {"id": str(post.id), "text": post.text, "edit_history_tweet_ids": [str(post.id)]}
    if "created_at" in fields:
        moment = post.at.astimezone(UTC).isoformat(timespec="milliseconds")
        data["created_at"] = moment.replace("+00:00", "Z")
    if "referenced_tweets" in fields and post.reference:
        data["referenced_tweets"] = [{"type": post.reference, "id": str(post.id - 1)}]
    if "public_metrics" in fields:
        names = ("retweet", "reply", "like", "quote", "bookmark", "impression")
        counters = {f"{name}_count": 0 for name in names} | dict(post.counters)
        data["public_metrics"] = {name: value for name, value in counters.items() if value is not None}
    return data


def problem(status: int, title: str, detail: str, *, kind: str = "about:blank", **more: object) -> Response:
    """A refusal in X's form."""
    return json_response(
        {"title": title, "type": kind, "status": status, "detail": detail, **more}, status=status
    )


def unknown(parameter: str, value: str) -> Response:
    """Nobody has this name or id: HTTP 200 without ``data``."""
    error = {
        "value": value,
        "detail": f"Could not find user with {parameter}: [{value}].",
        "title": "Not Found Error",
        "resource_type": "user",
        "parameter": parameter,
        "resource_id": value,
        "type": f"{_PROBLEMS}resource-not-found",
    }
    return json_response({"errors": [error]})


def _is_asked(post: Post, asked: Mapping[str, str]) -> bool:
    since = asked.get("start_time")
    if since is not None and post.at < datetime.fromisoformat(since):
        return False
    return not (post.reference == "retweeted" and "retweets" in asked.get("exclude", "").split(","))


def _token(place: int) -> str:
    return urlsafe_b64encode(f"before:{place}".encode()).decode()


def _place(token: str) -> int:
    return int(urlsafe_b64decode(token.encode()).removeprefix(b"before:")) or 1 << 63
