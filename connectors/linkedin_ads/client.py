"""Calls of LinkedIn's Marketing API: one ad account, its campaigns, and adAnalytics.

Facts: learn.microsoft.com/linkedin (Ads Reporting, versioning, rate limits). adAnalytics has no pages and is
cut at 15,000 elements without a word; an account that may not be seen has an empty report.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

from connectors.core.api import Account, Context
from connectors.core.api_config import secret_of
from connectors.core.auth import Auth, BearerKey
from connectors.core.http import Http
from connectors.core.oauth import TokenServer, refresh_form
from connectors.core.paging import Page, pages
from connectors.core.rate_limit import Rate, RateLimiter
from connectors.core.retry import incomplete
from connectors.core.window import DateWindow
from connectors.linkedin.restli import headers_of, judge
from connectors.linkedin_ads.config import Config

_RATE = Rate(calls=300, seconds=60, concurrent=4)
_TOKENS = "/oauth/v2/accessToken"

Row = dict[str, Any]


class LinkedInAdsClient:
    """Asks one ad account.

    Attributes:
        config: keys of the source.
    """

    def __init__(self, config: Config, context: Context) -> None:
        self.config = config
        self._source_id = context.source_id
        self._context = context
        limiter = context.limits.of(f"linkedin_ads:{config.token_env or config.refresh_token_env}", _RATE)
        self._tokens: TokenServer | None = None
        self._http = Http(
            context,
            config.http,
            base_url=config.base_url,
            limiter=limiter,
            auth=self._auth(limiter),
            judge=judge,
        )
        self._headers = headers_of(config.api_version)
        self._path = f"/rest/adAccounts/{config.account_id}"
        self._lock = threading.Lock()
        self._account: Account | None = None
        self._campaigns: dict[str, Row] = {}
        self._unlisted: set[str] = set()

    def account(self) -> Account:
        """The ad account; an account that may not be seen is refused here, while its reports are empty.

        Raises:
            ScopeError: the token may not see the account.
        """
        with self._lock:
            if self._account is None:
                self._account = self._asked_account()
            return self._account

    def elements(self, stream_id: str, window: DateWindow, metrics: Sequence[str]) -> Iterator[list[Row]]:
        """Elements per campaign and day of ``window``, in answers that are whole.

        LinkedIn doesn't say that it cut an answer. One with ``element_cap`` elements may be: its days are
        asked for in halves, until each answer is shorter.

        Raises:
            IncompleteError: a single day is as long as that.
            ScopeError: nothing came, since the token may not see the account any more.
        """
        found = self._analytics(stream_id, window, metrics)
        if len(found) < self.config.element_cap:
            if not found:
                # No rows and no right look alike.
                self._asked_account()
            yield found
            return
        if len(window) == 1:
            raise incomplete(
                f"Source {self._source_id}, {stream_id} of {window}",
                f"LinkedIn gave {len(found):,} elements of one day, and cuts an answer at "
                f"{self.config.element_cap:,} without a word.",
            )
        for half in window.split((len(window) + 1) // 2):
            yield from self.elements(stream_id, half, metrics)

    def campaigns(self, ids: Iterable[str]) -> Mapping[str, Row]:
        """What the account's list says of campaigns by id; those it lacks are absent.

        The list is read once, and again where a campaign isn't in it that wasn't missed before.
        """
        with self._lock:
            missing = set(ids) - self._campaigns.keys() - self._unlisted
            if missing:
                self._campaigns = {str(each["id"]): each for page in self._campaign_pages() for each in page}
                self._unlisted |= missing - self._campaigns.keys()
            return self._campaigns

    def close(self) -> None:
        """Close connections."""
        self._http.close()
        if self._tokens:
            self._tokens.close()

    def _auth(self, limiter: RateLimiter) -> Auth:
        """The token, or what fetches tokens."""
        config, source_id = self.config, self._source_id
        if config.token_env:
            return BearerKey(secret_of(config.token_env, source_id=source_id))
        self._tokens = TokenServer(
            self._context,
            config.http,
            base_url=config.token_url,
            path=_TOKENS,
            form=refresh_form(
                config.client_id_env or "",
                config.client_secret_env or "",
                config.refresh_token_env or "",
                source_id=source_id,
            ),
            limiter=limiter,
        )
        return self._tokens.auth

    def _asked_account(self) -> Account:
        told = self._http.call("GET", self._path, headers=self._headers, what="the ad account").json
        is_test = ("it is a test account: its reports are empty",) if told.get("test") else ()
        return Account(
            identity=f"LinkedIn ad account {told.get('name')} ({self.config.account_id})",
            permission=f"sees it; the account is {str(told.get('status', 'of unknown status')).lower()}",
            timezone="UTC",
            currency=told.get("currency"),
            notes=is_test,
        )

    def _campaign_pages(self) -> Iterator[list[Row]]:
        what = "the campaigns"

        def fetch(token: str | None) -> Page[list[Row]]:
            query = f"q=search&pageSize={self.config.page_size}"
            if token:
                query += f"&pageToken={quote(token, safe='')}"
            answer = self._http.call(
                "GET", f"{self._path}/adCampaigns?{query}", headers=self._headers, what=what
            ).json
            return Page(answer["elements"], answer.get("metadata", {}).get("nextPageToken") or None)

        return pages(fetch, what=f"Source {self._source_id}, {what}")

    def _analytics(self, stream_id: str, window: DateWindow, metrics: Sequence[str]) -> list[Row]:
        """One answer; the query is written here, since the parentheses of its lists must not be encoded."""
        account = quote(f"urn:li:sponsoredAccount:{self.config.account_id}", safe="")
        query = "&".join(
            (
                "q=analytics",
                "pivot=CAMPAIGN",
                "timeGranularity=DAILY",
                f"dateRange=(start:{_day(window.start)},end:{_day(window.last)})",
                f"accounts=List({account})",
                f"fields={','.join(('dateRange', 'pivotValues', *metrics))}",
            )
        )
        answer = self._http.call(
            "GET",
            f"/rest/adAnalytics?{query}",
            headers=self._headers,
            what=f"{stream_id} of {window}",
        )
        return list(answer.json["elements"])


def _day(day: date) -> str:
    return f"(year:{day.year},month:{day.month},day:{day.day})"


def connect(config: Config, context: Context) -> LinkedInAdsClient:
    """The client; nothing is called yet."""
    return LinkedInAdsClient(config, context)
