"""Calls of TikTok's Business API: one advertiser, and the integrated report.

Facts: tiktok/tiktok-business-api-sdk (report_integrated_get.yml) and business-api.tiktok.com. Arrays are JSON
text in the query, errors come with status 200 and a ``code``, a report of days has 30 of them at most.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Sequence
from typing import Any

from connectors.core.api import Account, Context
from connectors.core.api_config import secret_of
from connectors.core.auth import HeaderKey
from connectors.core.errors import PageDriftError, ScopeError
from connectors.core.http import Answer, Http, judge_status, retry_after
from connectors.core.paging import Page, pages
from connectors.core.rate_limit import Rate
from connectors.core.retry import CallError, Kind, incomplete
from connectors.core.window import DateWindow
from connectors.tiktok_ads.config import Config

_RATE = Rate(calls=8, seconds=1, concurrent=4)
_OK = 0
_THROTTLED = frozenset({40100})
_CREDENTIALS = frozenset({40102, 40104, 40105})
_FIRST_OF_SERVER = 50_000
_OF_DAY = re.compile(r"\b(day|daily)\b", re.IGNORECASE)
_DIMENSIONS = ("campaign_id", "stat_time_day")

Row = dict[str, Any]


def judge(answer: Answer) -> CallError | None:
    """TikTok's words: whatever the status, ``code`` says what happened."""
    if not isinstance(answer.json, dict) or not isinstance(answer.json.get("code"), int):
        error = judge_status(answer)
        return error or CallError(Kind.RETRY, f"HTTP {answer.status} with a body without a code")
    code, message = answer.json["code"], str(answer.json.get("message", ""))
    said = f"code {code}: {message}"
    if code == _OK:
        return judge_status(answer)
    if code in _THROTTLED:
        kind = Kind.QUOTA if _OF_DAY.search(message) else Kind.THROTTLED
        return CallError(kind, said, wait=retry_after(answer.headers))
    if code in _CREDENTIALS:
        return CallError(Kind.AUTH, said)
    if code >= _FIRST_OF_SERVER:
        return CallError(Kind.RETRY, said, wait=retry_after(answer.headers))
    # The same code stands for arguments that are wrong and for advertisers that the token may not read.
    return CallError(Kind.FORBIDDEN if "permission" in message.lower() else Kind.REFUSED, said)


class TikTokAdsClient:
    """Asks one advertiser.

    Attributes:
        config: keys of the source.
    """

    def __init__(self, config: Config, context: Context) -> None:
        self.config = config
        self._source_id = context.source_id
        token = secret_of(config.token_env, source_id=context.source_id)
        self._http = Http(
            context,
            config.http,
            base_url=config.base_url,
            limiter=context.limits.of(f"tiktok_ads:{config.token_env}", _RATE),
            auth=HeaderKey("Access-Token", token),
            judge=judge,
        )
        self._path = f"/open_api/{config.api_version}"
        self._lock = threading.Lock()
        self._account: Account | None = None

    def account(self) -> Account:
        """The advertiser, its zone and its currency.

        Raises:
            ScopeError: the token may not read it.
        """
        with self._lock:
            if self._account is None:
                self._account = self._asked_account()
            return self._account

    def rows(self, stream_id: str, window: DateWindow, metrics: Sequence[str]) -> Iterator[list[Row]]:
        """Pages of rows per campaign and day, each with ``dimensions`` and ``metrics``.

        Raises:
            IncompleteError: another page came than was asked for, or fewer rows than TikTok counts.
            PageDriftError: the number of rows changed while pages were read.
        """
        what = f"Source {self._source_id}, {stream_id} of {window}"
        total: int | None = None
        received = 0

        def fetch(token: str | None) -> Page[list[Row]]:
            nonlocal total, received
            number = int(token or 1)
            data = self._page(stream_id, window, metrics, number)
            info, rows = data["page_info"], list(data["list"])
            if info["page"] != number:
                raise incomplete(what, f"Page {number} was asked for and page {info['page']} came again.")
            if total is not None and info["total_number"] != total:
                raise PageDriftError(
                    f"{what}: the report had {total:,} rows and has {info['total_number']:,} now, so it "
                    "changed while its pages were read. Nothing of this window was stored; run again."
                )
            total, received = info["total_number"], received + len(rows)
            return Page(rows, str(number + 1) if number < info["total_page"] else None)

        yield from pages(fetch, what=what)
        if received != total:
            raise incomplete(what, f"{received:,} of {total:,} rows came.")

    def close(self) -> None:
        """Close connections."""
        self._http.close()

    def _page(self, stream_id: str, window: DateWindow, metrics: Sequence[str], number: int) -> Row:
        params: dict[str, object] = {
            "advertiser_id": self.config.advertiser_id,
            "report_type": "BASIC",
            "data_level": "AUCTION_CAMPAIGN",
            "dimensions": _json(_DIMENSIONS),
            "metrics": _json(metrics),
            "start_date": str(window.start),
            "end_date": str(window.last),
            "page": number,
            "page_size": self.config.page_size,
        }
        what = f"{stream_id} of {window}, page {number}"
        answer = self._http.call("GET", f"{self._path}/report/integrated/get/", params=params, what=what)
        return dict(answer.json["data"])

    def _asked_account(self) -> Account:
        params = {
            "advertiser_ids": _json((self.config.advertiser_id,)),
            "fields": _json(("advertiser_id", "name", "status", "timezone", "currency")),
        }
        answer = self._http.call(
            "GET", f"{self._path}/advertiser/info/", params=params, what="the advertiser"
        )
        listed = (answer.json.get("data") or {}).get("list") or ()
        told = {str(each.get("advertiser_id")): each for each in listed}.get(self.config.advertiser_id)
        if told is None:
            raise ScopeError(
                f"Source {self._source_id}: the token has no right to the advertiser "
                f"{self.config.advertiser_id}: TikTok tells nothing of it. Authorise the app for it, or "
                "correct `advertiser_id`, and run `sanjeh check`."
            )
        return Account(
            identity=f"TikTok advertiser {told.get('name')} ({self.config.advertiser_id})",
            permission=f"reads it; the advertiser is {told.get('status', 'of unknown status')}",
            timezone=told.get("timezone"),
            currency=told.get("currency"),
        )


def _json(values: Sequence[str]) -> str:
    return json.dumps(list(values), separators=(",", ":"))


def connect(config: Config, context: Context) -> TikTokAdsClient:
    """The client; nothing is called yet."""
    return TikTokAdsClient(config, context)
