"""Calls of X's API v2: accounts by name, and their posts with public counters.

Facts: docs.x.com (users by username, user posts, rate limits, errors): 300 user look-ups in a quarter of an
hour for an app, a limit tells when it ends by ``x-rate-limit-reset``, an unknown account comes with HTTP 200.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

from connectors.core.api import Account, Context
from connectors.core.api_config import secret_of
from connectors.core.auth import BearerKey
from connectors.core.http import Answer, Http, judge_status, retry_after
from connectors.core.paging import Page, pages
from connectors.core.rate_limit import Rate
from connectors.core.retry import CallError, Kind, incomplete
from connectors.x.config import Config

_RATE = Rate(calls=290, seconds=900)
"""Below the 300 calls in a quarter of an hour that an app may make of the scarcest kind."""
_FIRST_ERROR, _PAYMENT, _THROTTLED = 400, 402, 429
_CAPPED = "usage-capped"
_PROBLEMS = {
    "resource-not-found": Kind.REFUSED,
    "not-authorized-for-resource": Kind.FORBIDDEN,
}
"""What an answer without data means, by the end of the problem's type; any other may pass."""
_COUNTED = ("x-rate-limit-remaining", "x-rate-limit-limit")

Record = dict[str, Any]


def judge(answer: Answer) -> CallError | None:
    """X's words: errors may come with status 200, and a 429 may be a limit of minutes or of the month."""
    body = answer.json
    if not isinstance(body, dict):
        return judge_status(Answer(status=answer.status, headers=answer.headers, json=None, text=answer.text))
    first: Record = next(iter(body.get("errors") or []), {})
    said = " ".join(str(each) for each in (first.get("title"), first.get("detail")) if each) or str(
        body.get("detail") or body.get("title") or answer.text or "an answer without data"
    )
    if answer.status < _FIRST_ERROR:
        if {"data", "meta"} & body.keys():
            return None
        return CallError(_PROBLEMS.get(str(first.get("type", "")).rpartition("/")[2], Kind.RETRY), said)
    if answer.status == _PAYMENT or str(body.get("type", "")).endswith(_CAPPED):
        return CallError(Kind.QUOTA, f"{said}; see usage and credits of the app in X's developer portal")
    if answer.status == _THROTTLED:
        return CallError(Kind.THROTTLED, said, wait=wait_of(answer.headers))
    return judge_status(Answer(status=answer.status, headers=answer.headers, json=body, text=said))


def wait_of(headers: Mapping[str, str]) -> float | None:
    """Seconds until a limit ends, by the server's own clock; None where it doesn't say."""
    asked = retry_after(headers)
    if asked is not None:
        return asked
    try:
        reset = float(headers["x-rate-limit-reset"])
    except (KeyError, ValueError):
        return None
    try:
        now = parsedate_to_datetime(headers["Date"]).timestamp()
    except (KeyError, ValueError, TypeError):
        now = time.time()
    return max(0.0, reset - now)


class XClient:
    """Asks as one app.

    Attributes:
        is_cut: whether a list of posts was as long as X gives at most.
    """

    def __init__(self, config: Config, context: Context) -> None:
        self.config = config
        self.context = context
        self.is_cut = False
        token = secret_of(config.token_env, source_id=context.source_id)
        self._http = Http(
            context,
            config.http,
            base_url=config.base_url,
            limiter=context.limits.of(f"x:{token}", _RATE),
            auth=BearerKey(token),
            judge=judge,
        )
        self._root = f"/{config.api_version}"
        self._lock = threading.Lock()
        self._users: list[Record] | None = None
        self._left: str | None = None

    def account(self) -> Account:
        """The accounts, which X knows."""
        names = [f"@{each['username']}" for each in self.users()]
        return Account(
            identity=f"X {', '.join(names)}",
            permission="reads accounts and posts" if self.config.posts else "reads accounts",
            quota=self._left,
            notes=("X bills every account and post that is read",),
        )

    def users(self) -> list[Record]:
        """Every account with its counters; asked once, since each look-up costs."""
        with self._lock:
            if self._users is None:
                self._users = [self._user(name) for name in self.config.usernames]
            return self._users

    def posts(self, user_id: str, since: datetime | None) -> Iterator[list[Record]]:
        """Pages of an account's posts, reposts of others left out, newest first."""
        what = f"posts of account {user_id}"
        params: dict[str, object] = {
            "max_results": self.config.page_size,
            "exclude": "retweets",
            "tweet.fields": "created_at,public_metrics,referenced_tweets",
        }
        if since is not None:
            params["start_time"] = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        path = f"{self._root}/users/{quote(user_id, safe='')}/tweets"
        received = 0

        def fetch(token: str | None) -> Page[list[Record]]:
            nonlocal received
            asked = params | ({"pagination_token": token} if token else {})
            body = self._http.call("GET", path, params=asked, what=what).json
            found = body.get("data", [])
            if body["meta"]["result_count"] != len(found):
                raise incomplete(
                    f"Source {self.context.source_id}, {what}",
                    f"A page counts {body['meta']['result_count']} posts and holds {len(found)}.",
                )
            received += len(found)
            return Page(found, body["meta"].get("next_token"))

        yield from pages(fetch, what=f"Source {self.context.source_id}, {what}")
        if received >= self.config.timeline_cap:
            self.is_cut = True

    def close(self) -> None:
        """Close connections."""
        self._http.close()

    def _user(self, name: str) -> Record:
        path = f"{self._root}/users/by/username/{quote(name, safe='')}"
        answer = self._http.call(
            "GET", path, params={"user.fields": "public_metrics"}, what=f"the account @{name}"
        )
        if all(header in answer.headers for header in _COUNTED):
            left, of_all = (answer.headers[header] for header in _COUNTED)
            self._left = f"{left} of {of_all} look-ups left in this quarter of an hour"
        return dict(answer.json["data"])


def connect(config: Config, context: Context) -> XClient:
    """The client; nothing is called yet."""
    return XClient(config, context)
