"""Calls of the HubSpot API: records, associations, pipelines, marketing e-mail, forms, of one account.

Facts: developers.hubspot.com (API reference and usage guidelines). Lists are ordered by id, have no filter
and no end but their own; a search tells a total and gives at most 10,000 results, archived records never.
Calls share the account's allowance in ten seconds; searches have one of their own, by the second.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from connectors.core.api import Account, Context
from connectors.core.api_config import secret_of
from connectors.core.auth import BearerKey
from connectors.core.http import Answer, Http
from connectors.core.paging import Page, pages
from connectors.core.rate_limit import Rate
from connectors.core.retry import CallError
from connectors.hubspot.config import Config
from connectors.hubspot.judge import judge
from connectors.hubspot.paths import Paths

_WINDOW_SECONDS = 10
_SEARCHES_PER_SECOND = 4
_NOT_FOUND = 404
_REMAINING = "X-HubSpot-RateLimit-Remaining"
_INTERVAL = "X-HubSpot-RateLimit-Interval-Milliseconds"
_DAILY = "X-HubSpot-RateLimit-Daily"
_DAILY_REMAINING = "X-HubSpot-RateLimit-Daily-Remaining"

Record = dict[str, Any]


class HubSpotClient:
    """Asks one account."""

    def __init__(self, config: Config, context: Context) -> None:
        self.config = config
        self.context = context
        self._paths = Paths.of(config)
        self._account: Account | None = None
        key = secret_of(config.token_env, source_id=context.source_id)
        auth = BearerKey(key)
        name = f"hubspot:{key}"
        self._calls = context.limits.of(name, Rate(calls=config.calls_per_10s, seconds=_WINDOW_SECONDS))
        searches = context.limits.of(f"{name}:search", Rate(calls=_SEARCHES_PER_SECOND, seconds=1))
        how: dict[str, Any] = {"base_url": config.base_url, "auth": auth}
        self._http = Http(context, config.http, limiter=self._calls, judge=judge, **how)
        self._searches = Http(context, config.http, limiter=searches, judge=judge, **how)
        self._submissions = Http(context, config.http, limiter=self._calls, judge=_judge_submissions, **how)

    def account(self) -> Account:
        """The account's details; which scopes the key has shows only where one is needed."""
        if self._account is None:
            answer = self._answer("GET", self._paths.account, what="account details")
            details, left = answer.json, answer.headers.get(_DAILY_REMAINING)
            self._account = Account(
                identity=f"HubSpot account {details.get('portalId')} ({details.get('accountType')})",
                permission="the key is accepted; a scope that it lacks stops the stream that needs it",
                timezone=details.get("timeZone"),
                currency=details.get("companyCurrency"),
                quota=None if left is None else f"{left} of {answer.headers.get(_DAILY)} calls left today",
                notes=tuple(f"{name} is left out" for name in self.config.without),
            )
        return self._account

    def records(
        self,
        object_type: str,
        properties: Sequence[str],
        *,
        archived: bool,
        associations: str | None = None,
        what: str,
    ) -> Iterator[list[Record]]:
        """Pages of the whole list of records, by id: those in the recycle bin, or those outside of it.

        Args:
            object_type: as in paths.
            properties: names of those to give; HubSpot leaves out the ones that it doesn't know.
            archived: the recycle bin.
            associations: type of the records that are to be named with each.
            what: for errors.
        """
        params = {"properties": ",".join(properties), "archived": str(archived).lower()}
        if associations is not None:
            params["associations"] = associations
        path = self._paths.objects(object_type)
        return (page["results"] for page in self._pages(path, params, what=f"the list of {what}"))

    def search(
        self, object_type: str, properties: Sequence[str], filters: Sequence[Mapping[str, str]], *, what: str
    ) -> Record:
        """The first page, by id, of the records that pass all filters; archived ones never do."""
        body = {
            "filterGroups": [{"filters": list(filters)}],
            "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
            "properties": list(properties),
            "limit": self.config.search_page_size,
        }
        return self._search(object_type, body, what)

    def count(self, object_type: str, filters: Sequence[Mapping[str, str]], *, what: str) -> int:
        """How many records that aren't archived pass all filters; lags some seconds behind."""
        body: Record = {"properties": ["hs_object_id"], "limit": 1}
        if filters:
            body["filterGroups"] = [{"filters": list(filters)}]
        return int(self._search(object_type, body, f"the number of {what}")["total"])

    def pipelines(self, *, what: str) -> list[Record]:
        """Every pipeline of deals."""
        answer = self._answer("GET", self._paths.deal_pipelines, what=what)
        return list(answer.json["results"])

    def associations(
        self, from_type: str, to_type: str, inputs: Sequence[Mapping[str, str]], *, what: str
    ) -> Record:
        """What belongs to each of some records; an input is an ``id``, and ``after`` for the rest of many."""
        path = self._paths.associations(from_type, to_type)
        return dict(self._answer("POST", path, json={"inputs": list(inputs)}, what=what).json)

    def emails(self, *, archived: bool, what: str) -> Iterator[Record]:
        """Pages of marketing e-mails, with their ``total``."""
        return self._pages(self._paths.emails, {"archived": str(archived).lower()}, what=what)

    def statistics(self, start: datetime, end: datetime, *, email_id: int | None = None, what: str) -> Record:
        """Sums over what was sent from ``start`` until before ``end``, of all e-mails or of one."""
        params = _between(start, end)
        if email_id is not None:
            params.append(("emailIds", email_id))
        path = f"{self._paths.emails}/statistics/list"
        return dict(self._answer("GET", path, params=params, what=what).json)

    def histogram(self, start: datetime, end: datetime, *, what: str) -> list[Record]:
        """The same sums by day, of a calendar that HubSpot doesn't name."""
        path = f"{self._paths.emails}/statistics/histogram"
        params = [*_between(start, end), ("interval", "DAY")]
        return list(self._answer("GET", path, params=params, what=what).json["results"])

    def forms(self, *, archived: bool, what: str) -> Iterator[list[Record]]:
        """Pages of forms of all kinds."""
        params = {"formTypes": "all", "archived": str(archived).lower()}
        return (page["results"] for page in self._pages(self._paths.forms, params, what=what))

    def submissions(self, form_id: str, *, what: str) -> Iterator[list[Record] | None]:
        """Pages of a form's submissions, newest first; None instead where the form isn't known (any more)."""
        path = self._paths.submissions(quote(form_id, safe=""))

        def fetch(after: str | None) -> Page[list[Record] | None]:
            params: dict[str, object] = {"limit": self.config.submissions_page_size}
            if after is not None:
                params["after"] = after
            answer = self._submissions.call("GET", path, params=params, what=what)
            self._heed(answer)
            if answer.status == _NOT_FOUND:
                return Page(None, None)
            return Page(answer.json["results"], _following(answer.json))

        return pages(fetch, what=f"Source {self.context.source_id}, {what}")

    def close(self) -> None:
        """Close connections."""
        for http in (self._http, self._searches, self._submissions):
            http.close()

    def _pages(self, path: str, params: Mapping[str, object], *, what: str) -> Iterator[Record]:
        def fetch(after: str | None) -> Page[Record]:
            asked = {**params, "limit": self.config.page_size}
            if after is not None:
                asked["after"] = after
            body = self._answer("GET", path, params=asked, what=what).json
            return Page(body, _following(body))

        return pages(fetch, what=f"Source {self.context.source_id}, {what}")

    def _search(self, object_type: str, body: Record, what: str) -> Record:
        return dict(self._searches.call("POST", self._paths.search(object_type), json=body, what=what).json)

    def _answer(self, method: Any, path: str, *, what: str, **request: Any) -> Answer:
        answer = self._http.call(method, path, what=what, **request)
        self._heed(answer)
        return answer

    def _heed(self, answer: Answer) -> None:
        """Let calls pause where HubSpot says that this was the last one of its ten seconds."""
        if answer.headers.get(_REMAINING) == "0":
            interval = answer.headers.get(_INTERVAL, "")
            self._calls.pause(int(interval) / 1000 if interval.isdecimal() else _WINDOW_SECONDS)


def connect(config: Config, context: Context) -> HubSpotClient:
    """The client; nothing is called yet."""
    return HubSpotClient(config, context)


def _judge_submissions(answer: Answer) -> CallError | None:
    """As every answer, but a form that isn't known is no error here: whoever asks knows whether it is one."""
    return None if answer.status == _NOT_FOUND and isinstance(answer.json, dict) else judge(answer)


def _following(body: Record) -> str | None:
    """Token of the next page; the last page has no ``paging``."""
    after = ((body.get("paging") or {}).get("next") or {}).get("after")
    return None if after is None else str(after)


def _between(start: datetime, end: datetime) -> list[tuple[str, object]]:
    """Parameters of the moments from ``start`` until before ``end``; HubSpot takes the end as inside."""
    last = end.astimezone(UTC) - timedelta(milliseconds=1)
    return [("startTimestamp", _iso(start)), ("endTimestamp", _iso(last))]


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
