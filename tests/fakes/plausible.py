"""PlausibleApi: the Stats API v2 of Plausible: one question about what a site saw.

Comes in: bearer keys and ``POST /api/v2/query``. Goes out: numbers counted from ``sites``, by page and with their
total; errors as ``{"error": "…"}``. The hour of the limit is a fixed one, and nothing tells when it ends.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from datetime import time as time_of_day
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from werkzeug import Request, Response
from werkzeug.exceptions import MethodNotAllowed, NotFound

from tests.fakes.contract import Contract
from tests.fakes.faults import Fault
from tests.fakes.plausible_data import (
    DIMENSIONS,
    EVENT_DIMENSIONS,
    METRICS,
    SESSION_METRICS,
    Key,
    Visits,
    grouped,
)
from tests.fakes.server import FakeApi, json_response

STATS_KEY = "stats-key-of-the-local-server"
MOST_LISTED = 10_000
_HOUR = 3600
_KNOWN = frozenset(
    {"site_id", "metrics", "date_range", "dimensions", "filters", "order_by", "include", "pagination"}
)
_UNSUPPORTED = (
    "Imported stats are not included in the results because query parameters are not supported. For more information, "
    "see: https://plausible.io/docs/stats-api#filtering-imported-stats"
)

Json = dict[str, Any]


@dataclass
class Site:
    """One site of the account.

    Attributes:
        facts: what it saw itself. imported: what was imported from another tool.
    """

    time_zone: str = "Etc/UTC"
    facts: list[Visits] = field(default_factory=list)
    imported: list[Visits] = field(default_factory=list)


class RefusalError(Exception):
    """A question that Plausible refuses; carries the response."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.response = refusal(status, message)


class PlausibleApi(FakeApi):
    """One account of Plausible, or a server of one's own.

    Attributes:
        key: that is good.
        sites: by domain.
        locked: the account has no plan with the Stats API.
        hourly_limit: calls of an hour.
        knows_channels: False for an older server.
        clock: seconds; hours begin at its multiples.
    """

    contract: ClassVar[Contract | None] = Contract.of("plausible")

    def __init__(self, *, key: str = STATS_KEY, port: int = 0) -> None:
        super().__init__(port=port)
        self.key = key
        self.sites: dict[str, Site] = {}
        self.locked = False
        self.hourly_limit = 600
        self.knows_channels = True
        self.clock: Callable[[], float] = time.monotonic
        self._calls: dict[int, int] = {}

    def answer(self, request: Request) -> Response:
        """The answer of a healthy account."""
        with self._lock:
            try:
                return self._routed(request)
            except RefusalError as error:
                return error.response

    def broken(self, fault: Fault, request: Request) -> Response:  # noqa: ARG002 - the base has it; all are refused alike
        """The fault in Plausible's form; there is no daily quota, so that one looks like that of the hour."""
        match fault:
            case Fault.THROTTLED | Fault.QUOTA_EXHAUSTED:
                return self._throttled()
            case Fault.EXPIRED_TOKEN:
                return _unknown_key().response
            case Fault.FORBIDDEN:
                return _no_plan().response
            case Fault.ERROR_WITH_200:
                return refusal(200, "Internal server error")
            case Fault.SERVER_ERROR:
                return refusal(500, "Internal server error")
        raise ValueError(f"{fault} isn't the vendor's to show")

    def _routed(self, request: Request) -> Response:
        if request.path != "/api/v2/query":
            raise NotFound
        if request.method != "POST":
            raise MethodNotAllowed(["POST"])
        given = request.authorization
        if given is None or given.type != "bearer":
            raise RefusalError(
                401, "Missing API key. Please use a valid Plausible API key as a Bearer Token."
            )
        if given.token != self.key:
            raise _unknown_key()
        hour = int(self.clock() // _HOUR)
        self._calls[hour] = self._calls.get(hour, 0) + 1
        if self._calls[hour] > self.hourly_limit:
            return self._throttled()
        body = request.get_json(silent=True)
        site = self.sites.get(body.get("site_id")) if isinstance(body, dict) else None
        if site is None:
            raise _unknown_key()
        if self.locked:
            raise _no_plan()
        return json_response(self._answered(body, site))

    def _answered(self, body: Json, site: Site) -> Json:
        self._check(body)
        dimensions: list[str] = body.get("dimensions", [])
        first, last = _days(body["date_range"])
        include = body.get("include", {})
        facts, meta = list(site.facts), {}
        if include.get("imports"):
            facts, meta = _with_imports(site, dimensions)
        groups = grouped([fact for fact in facts if first <= fact.day <= last], dimensions)
        rows = [(key, [METRICS[name](seen) for name in body["metrics"]]) for key, seen in groups.items()]
        order = body.get("order_by") or _default_order(body)
        rows = _ordered(rows, order, [*dimensions, *body["metrics"]])
        if include.get("total_rows"):
            meta["total_rows"] = len(rows)
        asked = {"limit": MOST_LISTED, "offset": 0} | body.get("pagination", {})
        page = rows[asked["offset"] : asked["offset"] + asked["limit"]]
        zone = ZoneInfo(site.time_zone)
        return {
            "results": [{"dimensions": list(key), "metrics": metrics} for key, metrics in page],
            "meta": meta,
            "query": {
                "site_id": body["site_id"],
                "metrics": body["metrics"],
                "date_range": [
                    datetime.combine(first, time_of_day(), tzinfo=zone).isoformat(),
                    datetime.combine(last, time_of_day(23, 59, 59), tzinfo=zone).isoformat(),
                ],
                "filters": [],
                "dimensions": dimensions,
                "order_by": order,
                "include": include,
                "pagination": asked,
            },
        }

    def _check(self, body: Json) -> None:
        """Refuse what Plausible refuses."""
        dimensions, metrics = body.get("dimensions", []), body.get("metrics", [])
        unknown = sorted(body.keys() - _KNOWN)
        if unknown or not metrics:
            raise RefusalError(
                400, f"#: Schema does not allow additional properties or lacks some: {unknown}"
            )
        known = DIMENSIONS if self.knows_channels else DIMENSIONS - {"visit:channel"}
        strange = [name for name in dimensions if name not in known]
        strange += [name for name in metrics if name not in METRICS]
        if strange:
            raise RefusalError(400, f'#/dimensions/0: Invalid dimension or metric "{strange[0]}"')
        sessions = sorted(SESSION_METRICS.intersection(metrics))
        if sessions and EVENT_DIMENSIONS.intersection(dimensions):
            raise RefusalError(
                400,
                f"Session metric(s) `{', '.join(sessions)}` cannot be queried along with event dimensions.",
            )
        for name, _ in body.get("order_by", []):
            if name not in {*dimensions, *metrics} or name == "event:goal":
                raise RefusalError(400, f'#/order_by/0: Invalid value in order_by "{name}"')

    def _throttled(self) -> Response:
        return refusal(
            429,
            f"Too many API requests. Your API key is limited to {self.hourly_limit} requests per hour. Please contact us "
            "to request more capacity.",
        )


def refusal(status: int, message: str) -> Response:
    """A refusal in Plausible's form."""
    return json_response({"error": message}, status=status)


def _unknown_key() -> RefusalError:
    return RefusalError(
        401,
        "Invalid API key or site ID. Please make sure you're using a valid API key with access to the site you've "
        "requested.",
    )


def _no_plan() -> RefusalError:
    return RefusalError(402, "The account that owns this API key does not have access to Stats API.")


def _days(asked: Sequence[str]) -> tuple[date, date]:
    try:
        first, last = map(date.fromisoformat, asked)
    except (TypeError, ValueError) as error:
        raise RefusalError(400, f'#/date_range: Invalid date range "{asked}"') from error
    if first > last:
        raise RefusalError(400, f'#/date_range: Invalid date range "{asked}"')
    return first, last


def _with_imports(site: Site, dimensions: Sequence[str]) -> tuple[list[Visits], Json]:
    """What was imported joins in where a single breakdown is asked for: that is all there is of it."""
    if not site.imported:
        return site.facts, {"imports_included": False, "imports_skip_reason": "no_imported_data"}
    if sum(name != "time:day" for name in dimensions) > 1:
        meta = {
            "imports_included": False,
            "imports_skip_reason": "unsupported_query",
            "imports_warning": _UNSUPPORTED,
        }
        return site.facts, meta
    return [*site.facts, *site.imported], {"imports_included": True}


def _default_order(body: Json) -> list[list[str]]:
    days = [["time:day", "asc"]] if "time:day" in body.get("dimensions", []) else []
    return [*days, [body["metrics"][0], "desc"]]


def _ordered(
    rows: list[tuple[Key, list[float]]], order: Sequence[Sequence[str]], names: Sequence[str]
) -> list[tuple[Key, list[float]]]:
    """Rows by ``order``, the last sort first; text is ordered by its bytes, as ClickHouse does."""

    def value(row: tuple[Key, list[float]], name: str) -> Any:
        found = [*row[0], *row[1]][names.index(name)]
        return found.encode() if isinstance(found, str) else found

    for name, direction in reversed(order):
        rows = sorted(rows, key=lambda row, name=name: value(row, name), reverse=direction == "desc")
    return rows
