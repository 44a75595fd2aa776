"""Calls of the HubSpot API.

Facts: developers.hubspot.com (API reference 2026-09, usage guidelines, search the CRM). Lists go by id and
end without ``paging``; a search gives 10,000 results at most, never archived records, and lags by seconds;
limits are told by ``policyName`` in the body of a 429, without ``Retry-After``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.core.api import Account, Context
from connectors.core.api_config import secret_of
from connectors.core.auth import BearerKey
from connectors.core.http import Answer, Http, judge_status, retry_after
from connectors.core.paging import Page, pages
from connectors.core.rate_limit import Rate
from connectors.core.retry import CallError, Kind, incomplete
from connectors.core.window import DateWindow
from connectors.hubspot.config import Config
from connectors.hubspot.paths import Paths

Record = dict[str, Any]
SEARCH_CAP = 10_000
"""Results of one search at most; ``after`` beyond is refused."""
_SUBMISSIONS_PAGE = 50
_ASSOCIATIONS_AT_ONCE = 100
_SEARCHES = Rate(calls=4, seconds=1, concurrent=2)
_WAITS = {"TEN_SECONDLY_ROLLING": 10.0, "SECONDLY": 1.0}
_FIRST_ERROR, _TOO_LONG = 400, 414
_PASSING: dict[int, float | None] = {423: 2.0, 477: None}
"""Seconds to wait by status: locked by another change; being moved to another data centre."""
_DAY = timedelta(days=1)
_MILLISECOND = timedelta(milliseconds=1)


def judge(answer: Answer) -> CallError | None:
    """HubSpot's words: limits by policy, locks, migrations, scopes, and errors that come with status 200."""
    body = answer.json if isinstance(answer.json, dict) else {}
    if body.get("status") != "error" and answer.status < _FIRST_ERROR:
        return judge_status(answer)
    said = f"HTTP {answer.status}: {body.get('message', answer.text)}"
    by_policy = _by_policy(str(body.get("policyName", "")), said)
    if by_policy is not None:
        return by_policy
    if body.get("category") == "MISSING_SCOPES":
        return CallError(Kind.FORBIDDEN, f"{said}; scopes: {', '.join(_scopes(body)) or 'not named'}")
    if answer.status in _PASSING or answer.status < _FIRST_ERROR:
        return CallError(Kind.RETRY, said, wait=retry_after(answer.headers) or _PASSING.get(answer.status))
    if answer.status == _TOO_LONG:
        said = f"{said}; ask for fewer `properties`"
    return judge_status(Answer(status=answer.status, headers=answer.headers, json=answer.json, text=said))


def _by_policy(policy: str, said: str) -> CallError | None:
    """What a limit means by its name; None for other errors."""
    if policy == "DAILY":
        return CallError(Kind.QUOTA, said)
    return CallError(Kind.THROTTLED, said, wait=_WAITS[policy]) if policy in _WAITS else None


def _scopes(body: Record) -> list[str]:
    """Scopes that an error names as required."""
    contexts = [each.get("context", {}) for each in body.get("errors", []) if isinstance(each, dict)]
    return [str(scope) for context in contexts for scope in context.get("requiredGranularScopes", [])]


class HubSpotClient:
    """Asks one account."""

    def __init__(self, config: Config, context: Context) -> None:
        key = secret_of(config.token_env, source_id=context.source_id)
        self.config = config
        self.context = context
        self.paths = Paths(config.api_version, config.forms_version)
        general = Rate(calls=config.calls_per_10s, seconds=10)
        self._http = Http(
            context,
            config.http,
            base_url=config.base_url,
            limiter=context.limits.of(f"hubspot:{key}", general),
            auth=BearerKey(key),
            judge=judge,
        )
        self._searches = Http(
            context,
            config.http,
            base_url=config.base_url,
            limiter=context.limits.of(f"hubspot search:{key}", _SEARCHES),
            auth=BearerKey(key),
            judge=judge,
        )

    def account(self) -> Account:
        """The account; what the key may read shows when streams are asked for."""
        answer = self._http.call("GET", self.paths.account(), what="the account")
        left = answer.headers.get("X-HubSpot-RateLimit-Daily-Remaining")
        body = answer.json
        return Account(
            identity=f"HubSpot account {body['portalId']} ({body.get('accountType', 'unknown')})",
            permission="key accepted; scopes show as streams are asked for",
            timezone=body.get("timeZone"),
            currency=body.get("companyCurrency"),
            quota=f"{int(left):,} calls left today" if left else None,
        )

    def records(
        self, object_type: str, properties: Sequence[str], *, archived: bool, associations: str | None = None
    ) -> Iterator[list[Record]]:
        """Pages of all records by id, live or archived ones."""
        params: Record = {
            "limit": self.config.page_size,
            "properties": ",".join(properties),
            "archived": str(archived).lower(),
        }
        if associations:
            params["associations"] = associations
        kind = "archived" if archived else "live"
        return self._pages(self.paths.objects(object_type), params, f"{kind} {object_type}")

    def total(self, object_type: str) -> int:
        """How many live records the search index holds."""
        body = {"filterGroups": [], "limit": 1, "properties": ["hs_object_id"]}
        what = f"the number of {object_type}"
        return int(
            self._searches.call("POST", self.paths.search(object_type), json=body, what=what).json["total"]
        )

    def changed(
        self, object_type: str, properties: Sequence[str], modified: str, since: datetime
    ) -> Iterator[list[Record]]:
        """Pages of live records whose property ``modified`` is at or after ``since``, by id, past the cap."""
        last = 0
        what = f"Source {self.context.source_id}, {object_type} changed since {since:%Y-%m-%d %H:%M}"
        while True:
            received, total, token = 0, 0, ""
            while received < SEARCH_CAP:
                answer = self._search(object_type, properties, modified, since, last_id=last, after=token)
                found: list[Record] = answer["results"]
                total = max(total, int(answer["total"]))
                received += len(found)
                if found:
                    yield found
                token = str(answer.get("paging", {}).get("next", {}).get("after", ""))
                if not token:
                    break
            if not token or not received:
                if received < total:
                    raise incomplete(what, f"{received} of {total} records came.")
                return
            last = int(found[-1]["id"])

    def associations(self, from_type: str, to_type: str, ids: Sequence[str]) -> Iterator[list[Record]]:
        """Associations of the records ``ids``, some at a time; a record with many comes in several parts."""
        path = self.paths.associations(from_type, to_type)
        for begin in range(0, len(ids), _ASSOCIATIONS_AT_ONCE):
            inputs: list[Record] = [{"id": each} for each in ids[begin : begin + _ASSOCIATIONS_AT_ONCE]]
            while inputs:
                what = f"{to_type} of {len(inputs)} {from_type}"
                results = self._http.call("POST", path, json={"inputs": inputs}, what=what).json["results"]
                yield results
                inputs = [
                    {"id": each["from"]["id"], "after": each["paging"]["next"]["after"]}
                    for each in results
                    if "paging" in each
                ]

    def pipelines(self) -> list[Record]:
        """Deal pipelines with their stages."""
        return list(
            self._http.call("GET", self.paths.deal_pipelines(), what="deal pipelines").json["results"]
        )

    def emails(self, *, archived: bool) -> Iterator[list[Record]]:
        """Pages of marketing e-mails."""
        params: Record = {"limit": self.config.page_size, "archived": str(archived).lower()}
        return self._pages(self.paths.emails(), params, "e-mails")

    def days_with_sendings(self, window: DateWindow) -> list[date]:
        """Days of the brand's zone on which anything may have been sent."""
        first, _ = self._moments(window.start)
        _, last = self._moments(window.last)
        params = {"startTimestamp": first.isoformat(), "endTimestamp": last.isoformat(), "interval": "DAY"}
        path, what = self.paths.email_statistics("histogram"), f"e-mail histogram of {window}"
        found: set[date] = set()
        for each in self._http.call("GET", path, params=params, what=what).json["results"]:
            # The reference and the sample of the documentation name it differently.
            sums = each.get("aggregations") or each.get("aggregateStatistic") or {}
            if not any(sums.get("counters", {}).values()):
                continue
            zone = ZoneInfo(self.context.brand.timezone)
            start = datetime.fromisoformat(each["interval"]["start"]).astimezone(zone).date()
            end = datetime.fromisoformat(each["interval"]["end"]).astimezone(zone).date()
            found |= {start + _DAY * offset for offset in range((end - start).days + 1)}
        return sorted(day for day in found if day in window)

    def statistics(self, day: date, email_id: int | None = None) -> Record:
        """Counters of what was sent on ``day`` of the brand's zone, of one e-mail or all."""
        first, last = self._moments(day)
        params: Record = {"startTimestamp": first.isoformat(), "endTimestamp": last.isoformat()}
        if email_id is not None:
            params["emailIds"] = email_id
        path, what = self.paths.email_statistics("list"), f"e-mail statistics of {day}"
        return dict(self._http.call("GET", path, params=params, what=what).json)

    def forms(self) -> Iterator[list[Record]]:
        """Pages of forms of every type, live ones first."""
        for archived in ("false", "true"):
            params: Record = {"limit": self.config.page_size, "formTypes": "all", "archived": archived}
            yield from self._pages(self.paths.forms(), params, "forms")

    def submissions(self, form_id: str) -> Iterator[list[Record]]:
        """Pages of a form's submissions, newest first."""
        params: Record = {"limit": _SUBMISSIONS_PAGE}
        return self._pages(self.paths.submissions(form_id), params, f"submissions of form {form_id}")

    def close(self) -> None:
        """Close connections."""
        self._http.close()
        self._searches.close()

    def _moments(self, day: date) -> tuple[datetime, datetime]:
        """First and last moment of ``day`` in the brand's zone; HubSpot counts both ends in."""
        zone = ZoneInfo(self.context.brand.timezone)
        start = datetime(day.year, day.month, day.day, tzinfo=zone)
        following = day + _DAY
        return start, datetime(following.year, following.month, following.day, tzinfo=zone) - _MILLISECOND

    def _pages(self, path: str, params: Record, what: str) -> Iterator[list[Record]]:
        def fetch(after: str | None) -> Page[list[Record]]:
            asked = {**params, **({"after": after} if after else {})}
            answer = self._http.call("GET", path, params=asked, what=what).json
            following = answer.get("paging", {}).get("next", {}).get("after")
            return Page(answer["results"], following)

        return pages(fetch, what=f"Source {self.context.source_id}, {what}")

    def _search(
        self,
        object_type: str,
        properties: Sequence[str],
        modified: str,
        since: datetime,
        *,
        last_id: int,
        after: str,
    ) -> Record:
        filters = [{"propertyName": modified, "operator": "GTE", "value": str(int(since.timestamp() * 1000))}]
        if last_id:
            filters.append({"propertyName": "hs_object_id", "operator": "GT", "value": str(last_id)})
        body: Record = {
            "filterGroups": [{"filters": filters}],
            "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
            "properties": list(properties),
            "limit": self.config.search_page_size,
        }
        if after:
            body["after"] = after
        what = f"{object_type} changed since {since:%Y-%m-%d %H:%M}"
        return dict(self._searches.call("POST", self.paths.search(object_type), json=body, what=what).json)


def connect(config: Config, context: Context) -> HubSpotClient:
    """The client; nothing is called yet."""
    return HubSpotClient(config, context)
