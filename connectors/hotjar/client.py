"""Calls of the Hotjar API: surveys and responses of one site.

Facts: help.hotjar.com (Survey API) and docs.contentsquare.com (Responses API): client credentials, tokens of
an hour, cursor pages of 100 at most, newest first, no filter by date, 3,000 requests a minute.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from connectors.core.api import Account, Context
from connectors.core.api_config import secret_of
from connectors.core.auth import FetchedToken
from connectors.core.http import Answer, Http, judge_status
from connectors.core.paging import Page, pages
from connectors.core.rate_limit import Rate
from connectors.core.retry import CallError, Kind
from connectors.hotjar.config import Config

_RATE = Rate(calls=2500, seconds=60)
_FIRST_ERROR, _FORBIDDEN = 400, 403

Record = dict[str, Any]


def judge(answer: Answer) -> CallError | None:
    """Hotjar's words: an error body may come with status 200."""
    if answer.status < _FIRST_ERROR and isinstance(answer.json, dict) and "error" in answer.json:
        return CallError(Kind.RETRY, f"{answer.json['error']}: {answer.json.get('message', '')}")
    if answer.status == _FORBIDDEN:
        return CallError(
            Kind.FORBIDDEN,
            f"HTTP 403: {answer.text}; the API needs the plan Ask Scale and a key of this site",
        )
    return judge_status(answer)


def _judge_token(answer: Answer) -> CallError | None:
    """As :func:`judge`; an answer without a token is as good as none."""
    error = judge(answer)
    if error is None and not (isinstance(answer.json, dict) and answer.json.get("access_token")):
        return CallError(Kind.RETRY, f"HTTP {answer.status} without a token")
    return error


class HotjarClient:
    """Asks one site."""

    def __init__(self, config: Config, context: Context) -> None:
        self.config = config
        self.context = context
        self._client_id = secret_of(config.client_id_env, source_id=context.source_id)
        self._client_secret = secret_of(config.client_secret_env, source_id=context.source_id)
        limiter = context.limits.of(f"hotjar:{self._client_id}", _RATE)
        self._tokens = Http(
            context, config.http, base_url=config.base_url, limiter=limiter, judge=_judge_token
        )
        self._http = Http(
            context,
            config.http,
            base_url=config.base_url,
            limiter=limiter,
            auth=FetchedToken(self._fetch_token),
            judge=judge,
        )
        self._site = f"/v1/sites/{config.site_id}"
        self._account: Account | None = None

    def account(self) -> Account:
        """The site, by the shortest list of its surveys."""
        if self._account is None:
            first = self._list(f"{self._site}/surveys", {"limit": 1}, "surveys")
            has = "has surveys" if first.get("results") else "has no survey yet"
            self._account = Account(
                identity=f"Hotjar site {self.config.site_id}", permission=f"reads surveys; {has}"
            )
        return self._account

    def surveys(self) -> Iterator[list[Record]]:
        """Pages of surveys with their questions."""
        return self._pages(f"{self._site}/surveys", {"with_questions": "true"}, "surveys")

    def responses(self, survey_id: str) -> Iterator[list[Record]]:
        """Pages of the responses to a survey, newest first."""
        path = f"{self._site}/surveys/{quote(survey_id, safe='')}/responses"
        return self._pages(path, {}, f"responses to {survey_id}")

    def close(self) -> None:
        """Close connections."""
        self._tokens.close()
        self._http.close()

    def _pages(self, path: str, params: dict[str, object], what: str) -> Iterator[list[Record]]:
        def fetch(cursor: str | None) -> Page[list[Record]]:
            asked = {**params, "limit": self.config.page_size, **({"cursor": cursor} if cursor else {})}
            answer = self._list(path, asked, what)
            return Page(answer["results"], answer["next_cursor"])

        return pages(fetch, what=f"Source {self.context.source_id}, {what}")

    def _list(self, path: str, params: dict[str, object], what: str) -> Record:
        return dict(self._http.call("GET", path, params=params, what=what).json)

    def _fetch_token(self) -> str:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._client_id,
            "client_secret": self._client_secret,
        }
        answer = self._tokens.call("POST", self.config.token_path, form=form, what="an access token")
        return str(answer.json["access_token"])


def connect(config: Config, context: Context) -> HotjarClient:
    """The client; nothing is called yet."""
    return HotjarClient(config, context)
