"""Calls of Meta's Graph API: one ad account, and its insights per day.

Facts: developers.facebook.com, Marketing API insights: numbers are text, lists and counts of nothing are
absent, pages go by cursor, and the last one has no ``paging.next``. The token travels in a header: in an
address, as ``paging.next`` has it, every log of a proxy would keep it.
"""

from __future__ import annotations

import hmac
import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from connectors.core.api import Account, Context
from connectors.core.api_config import secret_of
from connectors.core.auth import BearerKey
from connectors.core.errors import PermanentError
from connectors.core.http import Answer, Http
from connectors.core.paging import Page, pages
from connectors.core.rate_limit import Rate
from connectors.core.redaction import register_secret
from connectors.core.retry import CallError, incomplete
from connectors.core.window import DateWindow
from connectors.meta_ads.config import Config
from connectors.meta_ads.jobs import JobFailedError, finished_job
from connectors.meta_ads.judging import TooMuchDataError, judge
from connectors.meta_ads.throttle import Usage, usage_of

_ACCOUNT_FIELDS = ("account_id", "name", "currency", "timezone_name", "account_status")
_ACTIVE = 1
_STATES = {
    "2": "disabled",
    "3": "unsettled",
    "7": "pending risk review",
    "8": "pending settlement",
    "9": "in grace period",
    "100": "pending closure",
    "101": "closed",
}
_LOOKED_AT_DAYS = 28
_BREAKDOWN = '["action_type"]'

Row = dict[str, Any]


class MetaAdsClient:
    """Asks one ad account.

    Attributes:
        config: keys of the source. source_id: its id, for errors.
    """

    def __init__(self, config: Config, context: Context) -> None:
        self.config = config
        self.source_id = context.source_id
        self._context = context
        token = secret_of(config.token_env, source_id=context.source_id)
        self._proof = _proof_of(config, token, context)
        self._limiter = context.limits.of(
            f"meta_ads:{config.token_env}", Rate(calls=config.calls_per_minute, seconds=60)
        )
        self._http = Http(
            context,
            config.http,
            base_url=config.base_url,
            limiter=self._limiter,
            auth=BearerKey(token),
            judge=self._judge,
        )
        self._root = f"/{config.api_version}"
        self._node = f"{self._root}/act_{config.account_id}"
        self._lock = threading.Lock()
        self._account: Account | None = None
        self._usage = Usage()

    def account(self) -> Account:
        """The ad account; to see it takes ``ads_read``, as insights do."""
        with self._lock:
            if self._account is None:
                said = self._get(self._node, {"fields": ",".join(_ACCOUNT_FIELDS)}, "the ad account")
                number, name = said.get("account_id", self.config.account_id), said.get("name")
                self._account = Account(
                    identity=f"Meta ad account {number} ({name or 'without a name'})",
                    permission="reads insights (ads_read)",
                    timezone=said.get("timezone_name"),
                    currency=said.get("currency"),
                    quota=_quota(self._usage),
                    notes=(*_of_state(said.get("account_status")), *self._of_goal()),
                )
            return self._account

    def _of_goal(self) -> Iterator[str]:
        """A sentence where nobody took the chosen action of late: a misspelt one would be 0 for ever."""
        goal = self.config.conversion_action
        if goal is None:
            return
        today = self._context.now.date()
        params = {
            "level": "account",
            "time_range": _days(DateWindow(today - timedelta(days=_LOOKED_AT_DAYS), today)),
            "fields": "actions",
            "action_breakdowns": _BREAKDOWN,
        }
        try:
            (row, *_) = self._get(f"{self._node}/insights", params, "actions of late")["data"] or [{}]
        except TooMuchDataError:
            return
        types = sorted(str(each.get("action_type")) for each in row.get("actions", []))
        if goal not in types:
            named = ", ".join(types) or "none at all"
            yield f"nobody took the action {goal} in the last {_LOOKED_AT_DAYS} days; taken were: {named}"

    def insights(
        self, stream_id: str, window: DateWindow, *, level: str, fields: Sequence[str], as_job: bool = False
    ) -> Iterator[list[Row]]:
        """Pages of rows of each day of ``window``.

        What Meta finds too large for one question is asked as a job, and what is too large for a job in
        halves, down to a day.

        Args:
            stream_id: what the rows are for, for errors.
            window: days of the account's zone.
            level: ``campaign`` or ``ad``.
            fields: in Meta's words.
            as_job: ask as a job at once.

        Raises:
            PermanentError: Meta doesn't compute a single day.
            IncompleteError: paging doesn't end properly.
        """
        what = f"{stream_id} of {window}"
        params = self._question(window, level, fields)
        if not as_job:
            try:
                yield from self._pages(f"{self._node}/insights", params, what)
            except TooMuchDataError:
                yield from self.insights(stream_id, window, level=level, fields=fields, as_job=True)
            return
        try:
            run = self._job(params, what)
        except (TooMuchDataError, JobFailedError) as error:
            if len(window) == 1:
                raise PermanentError(
                    f"Source {self.source_id}, {what}: Meta doesn't compute this day, neither at once "
                    f"nor as a job ({error}). Nothing of it was stored, what was stored before is intact. "
                    "Run again later; if it stays so, report it with this message."
                ) from None
            for half in window.split((len(window) + 1) // 2):
                yield from self.insights(
                    stream_id, half, level=level, fields=fields, as_job=len(half) > self.config.job_above_days
                )
            return
        yield from self._pages(f"{self._root}/{run}/insights", {}, what)

    def close(self) -> None:
        """Close connections."""
        self._http.close()

    def _question(self, window: DateWindow, level: str, fields: Sequence[str]) -> dict[str, str]:
        return {
            "level": level,
            "time_increment": "1",
            "time_range": _days(window),
            "fields": ",".join(fields),
            "action_attribution_windows": _json(list(self.config.attribution_windows)),
            "action_breakdowns": _BREAKDOWN,
        }

    def _job(self, params: Mapping[str, str], what: str) -> str:
        """Id of a job that has computed the question of ``params``."""

        def start() -> str:
            form = {**params, **self._proof}
            answer = self._http.call("POST", f"{self._node}/insights", form=form, what=f"a job for {what}")
            return str(answer.json["report_run_id"])

        def state(run: str) -> Mapping[str, Any]:
            return self._get(f"{self._root}/{run}", {}, f"the job of {what}")

        return finished_job(
            start,
            state,
            what=f"Source {self.source_id}, {what}",
            timeout=self.config.job_timeout_seconds,
            clock=self._context.clock,
        )

    def _pages(self, path: str, params: Mapping[str, str], what: str) -> Iterator[list[Row]]:
        """Pages of an edge; a page that is too large is asked for again with half the rows.

        Raises:
            TooMuchDataError: at the first page of a question, which may be asked in another way.
        """
        size = self.config.page_size

        def fetch(after: str | None) -> Page[list[Row]]:
            nonlocal size
            while True:
                asked = {**params, "limit": str(size), **({"after": after} if after else {})}
                try:
                    answer = self._get(path, asked, what)
                except TooMuchDataError as error:
                    if after is None and params:
                        raise
                    if size == 1:
                        raise PermanentError(
                            f"Source {self.source_id}, {what}: Meta finds a page of one row too large "
                            f"({error}). Nothing of it was stored, what was stored before is intact. "
                            "Run again later; if it stays so, report it with this message."
                        ) from None
                    size = max(1, size // 2)
                    continue
                return Page(answer["data"], self._following(answer.get("paging") or {}, what))

        return pages(fetch, what=f"Source {self.source_id}, {what}")

    def _get(self, path: str, params: Mapping[str, str], what: str) -> Row:
        return dict(self._http.call("GET", path, params={**params, **self._proof}, what=what).json)

    def _following(self, paging: Mapping[str, Any], what: str) -> str | None:
        """The cursor of the next page; the address in ``next`` names Meta's host and holds the token."""
        following = paging.get("next")
        if not following:
            return None
        cursor = (paging.get("cursors") or {}).get("after")
        cursor = cursor or next(iter(parse_qs(urlsplit(str(following)).query).get("after", [])), None)
        if not cursor:
            raise incomplete(
                f"Source {self.source_id}, {what}", "There is a next page, and no cursor that leads to it."
            )
        return str(cursor)

    def _judge(self, answer: Answer) -> CallError | None:
        """Also heeds what the headers of any answer say of the allowance, before it is used up."""
        usage = usage_of(answer.headers)
        if usage.percent is not None:
            self._usage = usage
        error = judge(answer)
        if error is None:
            longest = self.config.http.longest_wait_seconds
            self._limiter.pause(usage.pause(slow_down_at=self.config.slow_down_at, longest=longest))
        return error


def _proof_of(config: Config, token: str, context: Context) -> dict[str, str]:
    """The parameter that proves the app's secret; it may stand in an address: alone it opens nothing."""
    if config.app_secret_env is None:
        return {}
    secret = secret_of(config.app_secret_env, source_id=context.source_id)
    proof = hmac.new(secret.encode(), token.encode(), "sha256").hexdigest()
    register_secret(proof)
    return {"appsecret_proof": proof}


def _quota(usage: Usage) -> str | None:
    if usage.percent is None:
        return None
    tier = f" ({usage.tier})" if usage.tier else ""
    return f"{usage.percent:g} % of the present allowance is used{tier}"


def _of_state(state: object) -> Iterator[str]:
    if state != _ACTIVE:
        yield f"the account is {_STATES.get(str(state), f'in state {state}')}"


def _days(window: DateWindow) -> str:
    return _json({"since": str(window.start), "until": str(window.last)})


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def connect(config: Config, context: Context) -> MetaAdsClient:
    """The client; nothing is called yet."""
    return MetaAdsClient(config, context)
