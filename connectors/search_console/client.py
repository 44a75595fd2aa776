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

from connectors.core.api import Account, Context
from connectors.core.auth import google_credentials, google_token
from connectors.core.errors import ScopeError
from connectors.core.http import Answer, Http, judge_status
from connectors.core.paging import Page, pages
from connectors.core.rate_limit import Rate
from connectors.core.retry import CallError, Kind
from connectors.core.window import DateWindow
from connectors.search_console.config import Config

SCOPE = "https://www.googleapis.com/auth/webmasters.readonly"
DAY_ROW_CAP = 50_000
"""Rows of a day and search type that the API gives at most; the rest is cut without a word."""
_RATE = Rate(calls=1000, seconds=60)
"""Below the 1,200 queries a minute that a site may be asked."""
_PROBED_DAYS = 10
_ALWAYS_THERE_AFTER = timedelta(days=4)
_FORBIDDEN = 403

Filter = dict[str, str]
Row = dict[str, Any]


def judge(answer: Answer) -> CallError | None:
    """Google's words: a 403 may be a quota, and an allowance by the minute is not one by the day."""
    error = answer.json.get("error") if isinstance(answer.json, dict) else None
    if not isinstance(error, dict):
        return judge_status(answer)
    said = f"HTTP {answer.status}: {error.get('message', answer.text)}"
    reasons = {str(each.get("reason")) for each in error.get("errors", []) if isinstance(each, dict)}
    if reasons & {"quotaExceeded", "rateLimitExceeded", "userRateLimitExceeded", "dailyLimitExceeded"}:
        is_of_day = "load quota" in said.lower() or "daily" in said.lower() or "dailyLimitExceeded" in reasons
        return CallError(Kind.QUOTA if is_of_day else Kind.THROTTLED, said)
    code = int(error.get("code", answer.status))
    return judge_status(Answer(status=code, headers=answer.headers, json=answer.json, text=said))


class SearchConsoleClient:
    """Asks one property.

    Attributes:
        row_cap: rows of a day that the API gives at most.
    """

    def __init__(self, config: Config, context: Context) -> None:
        credentials = google_credentials(
            config.credentials_file_env, scope=SCOPE, source_id=context.source_id
        )
        self.config = config
        self.context = context
        self._http = Http(
            context,
            config.http,
            base_url=config.base_url,
            limiter=context.limits.of(f"search_console:{config.site}", _RATE),
            auth=google_token(credentials, source_id=context.source_id, config=config.http),
            judge=judge,
        )
        self._site = f"/webmasters/v3/sites/{quote(config.site, safe='')}"
        self.row_cap = DAY_ROW_CAP
        self._lock = threading.Lock()
        self._newest: date | None = None
        self._first_incomplete: date | None = None

    def account(self) -> Account:
        """The property and what the credentials may do there; a refusal names those they may see."""
        try:
            entry = self._http.call("GET", self._site, what="the property").json
        except ScopeError as error:
            known = self._http.call("GET", "/webmasters/v3/sites", what="the list of properties").json
            sites = ", ".join(sorted(each["siteUrl"] for each in known.get("siteEntry", []))) or "none"
            raise ScopeError(f"{error} Properties that these credentials may see: {sites}.") from None
        return Account(
            identity=str(entry["siteUrl"]),
            permission=str(entry["permissionLevel"]),
            timezone="America/Los_Angeles",
        )

    def newest(self, today: date) -> date:
        """The newest day with rows; four days ago (Pacific) where the last days have none at all."""
        with self._lock:
            if self._newest is None:
                window = DateWindow.inclusive(today - timedelta(days=_PROBED_DAYS), today)
                answer = self._query(window, ("date",), (), 0)
                days = [date.fromisoformat(row["keys"][0]) for row in answer.get("rows", [])]
                self._newest = max([*days, today - _ALWAYS_THERE_AFTER])
                said = answer.get("metadata", {}).get("firstIncompleteDate")
                self._first_incomplete = date.fromisoformat(said) if said else None
            return self._newest

    def is_incomplete(self, day: date) -> bool:
        """Whether Google still collects data of ``day``; known after :meth:`newest`."""
        return self._first_incomplete is not None and day >= self._first_incomplete

    def rows(
        self, window: DateWindow, dimensions: Sequence[str], filters: Sequence[Filter] = ()
    ) -> Iterator[list[Row]]:
        """Pages of rows, each with ``keys`` in the order of ``dimensions`` and the measures as doubles."""
        what = f"{'+'.join(dimensions)} of {window}"

        def fetch(token: str | None) -> Page[list[Row]]:
            start = int(token or 0)
            rows: list[Row] = self._query(window, dimensions, filters, start).get("rows", [])
            is_last = len(rows) < self.config.page_rows
            return Page(rows, None if is_last else str(start + len(rows)))

        return pages(fetch, what=f"Source {self.context.source_id}, {what}")

    def close(self) -> None:
        """Close connections."""
        self._http.close()

    def _query(
        self, window: DateWindow, dimensions: Sequence[str], filters: Sequence[Filter], start: int
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
        what = f"{'+'.join(dimensions)} of {window}"
        answer = self._http.call("POST", f"{self._site}/searchAnalytics/query", json=body, what=what).json
        return dict(answer)


def connect(config: Config, context: Context) -> SearchConsoleClient:
    """The client; nothing is called yet."""
    return SearchConsoleClient(config, context)
