"""SearchConsoleApi: Google Search Console on loopback: the list of sites, one site, and search analytics.

The address of a site stands in the path as one percent-encoded piece; anything else is an unknown route. Days are
Pacific time. Under ``final``, the last days are missing; what is older than 16 months always is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

from werkzeug import Request, Response

from tests.fakes.contract import Contract
from tests.fakes.discovery import any_case, openapi
from tests.fakes.faults import Fault
from tests.fakes.google_api import TOKEN, GoogleApi, GoogleError, UnknownRouteError
from tests.fakes.google_auth import TOKEN_PATH, GoogleTokens
from tests.fakes.kept import Kept
from tests.fakes.search_console_data import Site
from tests.fakes.search_console_report import aggregation_of, rows_of
from tests.fakes.search_console_request import DEFAULT_LIMIT, Query, query_of
from tests.fakes.server import json_response

_ROUTE = re.compile(r"/webmasters/v3/sites(?:/([^/]+)(/searchAnalytics/query)?)?")
_MONTHS_KEPT = 16
_DAYS_UNTIL_FINAL = 3
_ROWS_PER_DAY = 50_000


class EncodedPath(Request):
    """A request whose path is as it was sent: not decoded, so that a site's address stays one piece."""

    def __init__(self, environ: dict[str, Any]) -> None:
        super().__init__(environ)
        self.path = urlsplit(environ["REQUEST_URI"]).path


class SearchConsoleApi(GoogleApi):
    """The API; give it sites.

    Attributes:
        sites: by address, such as ``https://example.ir/`` or ``sc-domain:example.ir``.
        today: in Pacific time.
        days_until_final: age of the youngest day with final numbers.
        rows_per_day: rows of a list of queries or pages that Google keeps of a day.
        throttled_status: 429, or 403 as Google also answers; the reason in the body differs.
    """

    contract = Contract(openapi("searchconsole.v1.json", spelling=any_case, more_paths={TOKEN: TOKEN_PATH}))
    request_class = EncodedPath
    scope = "https://www.googleapis.com/auth/webmasters.readonly"

    def __init__(
        self,
        sites: Mapping[str, Site],
        *,
        today: date,
        tokens: GoogleTokens | None = None,
        requires_token: bool = True,
        port: int = 0,
    ) -> None:
        super().__init__(tokens=tokens, requires_token=requires_token, port=port)
        self.sites = dict(sites)
        self.today = today
        self.days_until_final = _DAYS_UNTIL_FINAL
        self.rows_per_day = _ROWS_PER_DAY
        self.throttled_status = 429
        self._rows = Kept[list[dict[str, Any]]]()
        self._bodies = Kept[str]()

    @property
    def final_through(self) -> date:
        """The last day with final numbers."""
        return self.today - timedelta(days=self.days_until_final)

    @property
    def first_day(self) -> date:
        """The first day that Google still keeps."""
        months = self.today.year * 12 + self.today.month - 1 - _MONTHS_KEPT
        return date(months // 12, months % 12 + 1, min(self.today.day, 28))

    def page_of(self, request: Request) -> int:
        """By start and number of rows of a query."""
        if not request.path.endswith("/searchAnalytics/query"):
            return 0
        body = request.get_json(silent=True) or {}
        return int(body.get("startRow", 0)) // int(body.get("rowLimit", DEFAULT_LIMIT)) + 1

    def serve(self, request: Request) -> Response:
        """One of the three routes."""
        route = _ROUTE.fullmatch(request.path)
        if route is None or request.method != ("POST" if route[2] else "GET"):
            raise UnknownRouteError
        if route[1] is None:
            entries = [_entry(address, site) for address, site in self.sites.items()]
            return json_response({"siteEntry": entries} if entries else {})
        address = unquote(route[1])
        site = self.sites.get(address)
        if site is None:
            raise self.forbidden(request.path)
        if not route[2]:
            return json_response(_entry(address, site))
        if site.permission_level == "siteUnverifiedUser":
            raise self.forbidden(request.path)
        return self._analytics(query_of(request.get_data()), site)

    def exhausted(self, fault: Fault) -> GoogleError:
        """The quota by the minute is over soon, the load quota of the day is not."""
        if fault is Fault.QUOTA_EXHAUSTED:
            return GoogleError(
                403,
                "Search Analytics load quota exceeded. Learn about usage limits: "
                "https://developers.google.com/webmaster-tools/limits.",
                reason=("usageLimits", "quotaExceeded"),
            )
        return GoogleError(
            self.throttled_status,
            "Search Analytics QPS quota exceeded. Learn about usage limits: "
            "https://developers.google.com/webmaster-tools/limits.",
            reason=("usageLimits", "rateLimitExceeded" if self.throttled_status == 429 else "quotaExceeded"),
        )

    def forbidden(self, path: str, /) -> GoogleError:
        """No access to the site, or there is none: the API doesn't tell which."""
        route = _ROUTE.fullmatch(path)
        address = unquote(route[1] or "") if route else ""
        return GoogleError(
            403,
            f"User does not have sufficient permission for site '{address}'. See also: "
            "https://support.google.com/webmasters/answer/2451999.",
            reason=("global", "forbidden"),
        )

    def _analytics(self, query: Query, site: Site) -> Response:
        last = self.final_through if query.data_state == "final" else self.today
        seen = (site.version, self.today, self.days_until_final, last, self.rows_per_day)
        what = (query.first, query.last, query.dimensions, query.type, query.filters, query.aggregation)

        def rows() -> list[dict[str, Any]]:
            facts = (fact for fact in site.facts if self.first_day <= fact.day <= last)
            return rows_of(query, facts, rows_per_day=self.rows_per_day)

        found = self._rows.get((seen, what), rows)

        def body() -> str:
            page = found[query.offset : query.offset + query.limit]
            content: dict[str, Any] = {"rows": page} if page else {}
            content |= {"responseAggregationType": aggregation_of(query), **self._incomplete(query)}
            return json.dumps(content, ensure_ascii=False, separators=(",", ":"))

        text = self._bodies.get((seen, query), body)
        return Response(text, content_type="application/json; charset=UTF-8")

    def _incomplete(self, query: Query) -> dict[str, Any]:
        """The first day that isn't final, where the rows tell days and hold such a one."""
        first = self.final_through + timedelta(days=1)
        if query.data_state != "all" or "date" not in query.dimensions or query.last < first:
            return {}
        return {"metadata": {"firstIncompleteDate": first.isoformat()}}


def _entry(address: str, site: Site) -> dict[str, str]:
    return {"siteUrl": address, "permissionLevel": site.permission_level}
