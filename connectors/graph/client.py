"""Calls of the Graph API with one token: objects and lists of one version, as fast as its headers let.

Lists come in pages; ``paging.next`` is an absolute address of Meta's, so only its cursor is followed, on the
configured host. The last page has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from connectors.core.api import Context
from connectors.core.auth import Auth
from connectors.core.http import Answer, Http, Judge
from connectors.core.paging import Page, pages
from connectors.core.rate_limit import Rate
from connectors.core.retry import incomplete
from connectors.graph.config import GraphConfig
from connectors.graph.judge import judge
from connectors.graph.usage import pause_after, percent_used

_RATE = Rate(calls=600, seconds=60)
"""Below what any app may call; what is left of an account's own allowance the headers tell."""

Record = dict[str, Any]


class Graph:
    """Asks the Graph API.

    Args:
        config: host, version and patience.
        context: of the source.
        auth: the token.
        account: whose allowance it draws on.
        judge: the vendor's words on errors; of one edge it may know more.
    """

    def __init__(
        self, config: GraphConfig, context: Context, *, auth: Auth, account: str, judge: Judge = judge
    ) -> None:
        self._config = config
        self._source = context.source_id
        self._limiter = context.limits.of(f"graph:{account}", _RATE)
        self._http = Http(
            context, config.http, base_url=config.base_url, limiter=self._limiter, auth=auth, judge=judge
        )
        self.used: float | None = None

    def get(self, path: str, params: Mapping[str, object], *, what: str) -> Answer:
        """The answer of ``/<version>/<path>``; the account rests where it is nearly used up."""
        answer = self._http.call("GET", f"/{self._config.api_version}/{path}", params=params, what=what)
        self.used = percent_used(answer.headers)
        pause = pause_after(answer.headers)
        if pause > 0:
            self._limiter.pause(pause)
        return answer

    def pages(self, path: str, params: Mapping[str, object], *, what: str) -> Iterator[list[Record]]:
        """Pages of a list, in Meta's order."""
        told = f"Source {self._source}, {what}"

        def fetch(after: str | None) -> Page[list[Record]]:
            asked = {**params, "limit": self._config.page_size, **({"after": after} if after else {})}
            body = self.get(path, asked, what=what).json
            return Page(body["data"], self._cursor(body, told))

        return pages(fetch, what=told)

    def close(self) -> None:
        """Close connections."""
        self._http.close()

    def _cursor(self, body: Record, told: str) -> str | None:
        following = (body.get("paging") or {}).get("next")
        if following is None:
            return None
        cursor = parse_qs(urlsplit(following).query).get("after")
        if not cursor:
            raise incomplete(told, "A page names a next one without a cursor.")
        return str(cursor[0])
