"""Calls of the Search Console API: searchAnalytics.query of one property.

Facts: Search Console API v1 discovery document and developers.google.com/webmaster-tools/limits. Numbers come
as doubles, ``rows`` is absent where there is nothing, days are Pacific.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from connectors.core.api import Account, BrandFacts, Context
from connectors.core.auth import google_credentials, google_token
from connectors.core.errors import ConnectorError, SchemaError, ScopeError
from connectors.core.http import Answer, Http, judge_status, retry_after
from connectors.core.paging import Page, pages
from connectors.core.rate_limit import Rate
from connectors.core.retry import CallError, Kind, incomplete
from connectors.core.window import DateWindow
from connectors.search_console.config import Config

SCOPE = "https://www.googleapis.com/auth/webmasters.readonly"
_RATE = Rate(calls=1000, seconds=60)
"""Below the 1,200 queries a minute that a site, and a user, may ask."""
_PROBED_DAYS = 10
_ALWAYS_THERE_AFTER = timedelta(days=4)
_QUOTAS = frozenset({"quotaExceeded", "rateLimitExceeded", "userRateLimitExceeded", "dailyLimitExceeded"})
_MINUTE_WAIT = 15.0
"""Six tries this far apart outlast the minute of the quota."""
_LOAD_WAIT = 900.0
"""A load quota counts ten minutes, or a day: Google says to wait a quarter of an hour to see which."""
_NO_RIGHT = "siteUnverifiedUser"
_FIRST_ERROR, _SERVER_ERROR = 400, 500

Filter = dict[str, str]
Row = dict[str, Any]


class SearchConsoleClient:
    """Asks one property.

    Attributes:
        config: keys of the source. brand: what names it in a search.
    """

    def __init__(self, config: Config, context: Context) -> None:
        self.config = config
        self.brand: BrandFacts = context.brand
        self._source_id = context.source_id
        credentials = google_credentials(
            config.credentials_file_env, scope=SCOPE, source_id=context.source_id
        )
        self._http = Http(
            context,
            config.http,
            base_url=config.base_url,
            limiter=context.limits.of(f"search_console:{config.credentials_file_env}", _RATE),
            auth=google_token(credentials, source_id=context.source_id, config=config.http),
            judge=self._judge,
        )
        self._sites = f"/webmasters/{config.api_version}/sites"
        self._site = f"{self._sites}/{quote(config.site, safe='')}"
        self._lock = threading.Lock()
        self._has_waited_for_load = False
        self._account: Account | None = None
        self._newest: date | None = None
        self._first_incomplete: date | None = None

    def account(self) -> Account:
        """The property and what the credentials may do there, from the list of all that they may see.

        Raises:
            ScopeError: the property isn't among them; names those that are.
        """
        with self._lock:
            if self._account is None:
                levels = self._levels()
                level = levels.get(self.config.site, _NO_RIGHT)
                if level == _NO_RIGHT:
                    raise ScopeError(
                        f"Source {self._source_id}: the credentials have no right to {self.config.site}. "
                        f"{_named(levels)} Add the account as a user of the property in Search Console, or "
                        "correct `site`, and run `sanjeh check`."
                    )
                self._account = Account(
                    identity=f"Search Console property {self.config.site}",
                    permission=level,
                    timezone="America/Los_Angeles",
                )
            return self._account

    def newest(self, today: date) -> date:
        """The newest day with rows, given today (Pacific); four days ago where there is none of late."""
        with self._lock:
            if self._newest is None:
                window = DateWindow.inclusive(today - timedelta(days=_PROBED_DAYS), today)
                answer = self._query(window, ("date",), (), 0, what=f"the newest day of {window}")
                days = [date.fromisoformat(row["keys"][0]) for row in answer.get("rows", [])]
                said = answer.get("metadata", {}).get("firstIncompleteDate")
                self._first_incomplete = date.fromisoformat(said) if said else None
                self._newest = max([*days, today - _ALWAYS_THERE_AFTER])
            return self._newest

    def is_incomplete(self, day: date) -> bool:
        """Whether Google still collects data of ``day``; known after :meth:`newest`."""
        return self._first_incomplete is not None and day >= self._first_incomplete

    def rows(
        self, stream_id: str, window: DateWindow, dimensions: Sequence[str], filters: Sequence[Filter] = ()
    ) -> Iterator[list[Row]]:
        """Pages of rows, each with ``keys`` in the order of ``dimensions`` and the measures as doubles.

        Args:
            stream_id: what the rows are for, for errors.
            window: Pacific days.
            dimensions: in Google's words.
            filters: all of them must hold.

        Raises:
            IncompleteError: a page came twice.
            SchemaError: rows came without their dimensions.
        """
        what = f"{stream_id} of {window}"
        size = self.config.page_rows
        before: list[Row] = []

        def fetch(token: str | None) -> Page[list[Row]]:
            nonlocal before
            start = int(token or 0)
            rows: list[Row] = self._query(window, dimensions, filters, start, what=what).get("rows", [])
            if any(len(row.get("keys", ())) != len(dimensions) for row in rows):
                asked = " and ".join(dimensions)
                raise SchemaError(
                    f"Source {self._source_id}, {what}: {asked} was asked for, and rows came without. "
                    "Nothing was stored. Report it with this message."
                )
            if rows and rows == before:
                raise incomplete(
                    f"Source {self._source_id}, {what}", f"The rows from {start:,} on came twice."
                )
            before = rows
            return Page(rows, str(start + len(rows)) if len(rows) >= size else None)

        return pages(fetch, what=f"Source {self._source_id}, {what}")

    def close(self) -> None:
        """Close connections."""
        self._http.close()

    def _query(
        self,
        window: DateWindow,
        dimensions: Sequence[str],
        filters: Sequence[Filter],
        start: int,
        *,
        what: str,
    ) -> dict[str, Any]:
        body: dict[str, Any] = {
            "startDate": str(window.start),
            "endDate": str(window.last),
            "dimensions": list(dimensions),
            "type": self.config.search_type,
            "dataState": "all",
            "rowLimit": self.config.page_rows,
            "startRow": start,
        }
        if filters:
            body["dimensionFilterGroups"] = [{"groupType": "and", "filters": list(filters)}]
        try:
            answer = self._http.call("POST", f"{self._site}/searchAnalytics/query", json=body, what=what)
        except ScopeError as error:
            raise ScopeError(f"{error} {self._known_sites()}") from None
        self._has_waited_for_load = False
        return dict(answer.json)

    def _levels(self) -> dict[str, str]:
        """Right by property, of all that the credentials may see."""
        listed = self._http.call("GET", self._sites, what="the list of properties").json
        return {each["siteUrl"]: each["permissionLevel"] for each in listed.get("siteEntry", [])}

    def _known_sites(self) -> str:
        try:
            return _named(self._levels())
        except ConnectorError:
            return "Nor may they list their properties."

    def _judge(self, answer: Answer) -> CallError | None:
        """Google's words: a 403 may be a quota, and a quota that of a minute or of a day."""
        if not isinstance(answer.json, dict):
            return judge_status(
                Answer(status=answer.status, headers=answer.headers, json=None, text=answer.text)
            )
        error = answer.json.get("error")
        if not isinstance(error, dict):
            return judge_status(answer)
        said = str(error.get("message", answer.text))
        reasons = {each.get("reason") for each in error.get("errors", ()) if isinstance(each, dict)}
        if reasons & _QUOTAS:
            return self._exhausted(answer, said, is_of_day="dailyLimitExceeded" in reasons)
        # An error may come with status 200; then the body says which it is.
        status = answer.status if answer.status >= _FIRST_ERROR else int(error.get("code", _SERVER_ERROR))
        return judge_status(Answer(status=status, headers=answer.headers, json=answer.json, text=said))

    def _exhausted(self, answer: Answer, said: str, *, is_of_day: bool) -> CallError:
        words = said.lower()
        if is_of_day or "daily" in words or "per day" in words:
            return CallError(Kind.QUOTA, said)
        if "load quota" in words:
            if self._has_waited_for_load:
                return CallError(Kind.QUOTA, said)
            self._has_waited_for_load = True
            return CallError(Kind.THROTTLED, said, wait=_LOAD_WAIT)
        wait = retry_after(answer.headers)
        return CallError(Kind.THROTTLED, said, wait=_MINUTE_WAIT if wait is None else wait)


def _named(levels: dict[str, str]) -> str:
    return f"Properties that these credentials may see: {', '.join(sorted(levels)) or 'none'}."


def connect(config: Config, context: Context) -> SearchConsoleClient:
    """The client; nothing is called yet."""
    return SearchConsoleClient(config, context)
