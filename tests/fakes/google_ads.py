"""GoogleAdsApi: Google Ads over REST on loopback: searchStream of several accounts, behind tokens.

An answer is an array of batches, an error an array with one error; an error after the first batches is the last
element of an answer with status 200. Versions die: their addresses are unknown to Google's gateway.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, Literal

from werkzeug import Request, Response

from tests.fakes.contract import Contract
from tests.fakes.faults import Fault
from tests.fakes.google_ads_data import AdAccount
from tests.fakes.google_ads_errors import VERSION, ads_error, query_error, quota_error
from tests.fakes.google_ads_query import Query, query_of
from tests.fakes.google_ads_rows import camel, rows_of
from tests.fakes.google_api import GoogleApi, GoogleError, UnknownRouteError
from tests.fakes.google_auth import GoogleTokens
from tests.fakes.server import json_response

DEVELOPER_TOKEN = "developer-token-of-the-local-server"  # noqa: S105 - of a server on loopback
_ROUTE = re.compile(r"/(v\d+)/customers/(\d+)/googleAds:searchStream")
_BATCH_ROWS = 10_000


class GoogleAdsApi(GoogleApi):
    """The API; give it accounts.

    Attributes:
        accounts: by customer id.
        today: of the retention of 37 months.
        versions: that are served. dead_version: how Google answers others.
        batch_rows: rows of a batch.
        empty: what stands for no rows: an empty array, or a batch without results.
        omits_zeros: metrics that are zero aren't written; else they are.
        requests_left: operations of the day; None for enough.
    """

    contract = Contract.of("google_ads")
    scope = "https://www.googleapis.com/auth/adwords"

    def __init__(
        self,
        accounts: Iterable[AdAccount],
        *,
        today: date,
        tokens: GoogleTokens | None = None,
        port: int = 0,
    ) -> None:
        super().__init__(tokens=tokens, port=port)
        self.accounts = {account.id: account for account in accounts}
        self.today = today
        self.versions = {VERSION}
        self.dead_version: Literal["html", "json", "failure"] = "html"
        self.batch_rows = _BATCH_ROWS
        self.empty: Literal["array", "batch"] = "batch"
        self.omits_zeros = True
        self.requests_left: int | None = None
        self._broken_streams: list[tuple[int, GoogleError]] = []

    def break_stream(self, error: GoogleError, *, after_batches: int = 1) -> None:
        """End the next answer behind so many batches with ``error``, when its status is sent already."""
        self._broken_streams.append((after_batches, error))

    def page_of(self, request: Request) -> int:
        """A stream has no pages: it is the first of every report."""
        return int(_ROUTE.fullmatch(request.path) is not None)

    def answer(self, request: Request) -> Response:
        """As of any API of Google's, but errors of a stream are wrapped in an array."""
        return _streamed(request, super().answer(request))

    def broken(self, fault: Fault, request: Request) -> Response:
        """Google Ads' form of a fault."""
        return _streamed(request, super().broken(fault, request))

    def serve(self, request: Request) -> Response:
        """The one route."""
        route = _ROUTE.fullmatch(request.path)
        if route is None or request.method != "POST":
            raise UnknownRouteError
        if route[1] not in self.versions:
            raise self._unknown_version(route[1])
        account = self._account(request, route[2])
        body = request.get_json(silent=True)
        query = query_of(body)
        if isinstance(body, dict) and set(body) - {"query", "summaryRowSetting"}:
            raise ads_error("requestError", "UNKNOWN", "Invalid JSON payload received. Unknown name.")
        if account.is_manager and query.metrics:
            raise query_error(
                "REQUESTED_METRICS_FOR_MANAGER",
                "Metrics cannot be requested for a manager account. To retrieve metrics, issue separate requests "
                "against each client account under the manager account.",
            )
        return json_response(self._batches(query, account))

    def exhausted(self, fault: Fault) -> GoogleError:
        """The operations of the day are used up, or too many came at once."""
        if fault is Fault.QUOTA_EXHAUSTED:
            return quota_error(
                "RESOURCE_EXHAUSTED",
                "Too many requests. Retry in 33120 seconds.",
                scope="DEVELOPER",
                name="Number of operations for basic access",
                delay="33120s",
            )
        return quota_error(
            "RESOURCE_TEMPORARILY_EXHAUSTED",
            "Too many requests. Retry in 30 seconds.",
            scope="ACCOUNT",
            name="Requests per account",
            delay="30s",
        )

    def forbidden(self, path: str, /) -> GoogleError:  # noqa: ARG002 - the base has it; Google names no path
        """The user may not see the account."""
        return ads_error(
            "authorizationError",
            "USER_PERMISSION_DENIED",
            "User doesn't have permission to access customer. Note: If you're accessing a client customer, the "
            "manager's customer id must be set in the 'login-customer-id' header.",
        )

    def _unknown_version(self, version: str) -> Exception:
        match self.dead_version:
            case "html":
                return UnknownRouteError()
            case "json":
                return GoogleError(404, "Method not found.")
            case _:
                return ads_error(
                    "requestError",
                    "UNSUPPORTED_VERSION",
                    f"Version {version} is deprecated. Requests are blocked.",
                )

    def _account(self, request: Request, customer_id: str) -> AdAccount:
        if request.headers.get("developer-token") != DEVELOPER_TOKEN:
            raise ads_error(
                "authenticationError", "DEVELOPER_TOKEN_INVALID", "The developer token is not valid."
            )
        if self.requests_left is not None:
            if self.requests_left == 0:
                raise self.exhausted(Fault.QUOTA_EXHAUSTED)
            self.requests_left -= 1
        account = self.accounts.get(customer_id)
        if account is None:
            raise ads_error(
                "authenticationError", "CUSTOMER_NOT_FOUND", "No customer found for the provided customer id."
            )
        through = request.headers.get("login-customer-id")
        if (through is None and not account.is_direct) or (
            through is not None and through not in {account.id, *account.managers}
        ):
            raise self.forbidden(request.path)
        if account.status not in {"ENABLED", "SUSPENDED"}:
            raise ads_error(
                "authorizationError",
                "CUSTOMER_NOT_ENABLED",
                "The customer account can't be accessed because it is not yet enabled or has been deactivated.",
            )
        return account

    def _batches(self, query: Query, account: AdAccount) -> list[dict[str, Any]]:
        rows = rows_of(query, account, today=self.today, omits_zeros=self.omits_zeros)
        mask = ",".join(map(camel, query.fields))
        parts = [rows[begin : begin + self.batch_rows] for begin in range(0, len(rows), self.batch_rows)]
        batches = [
            {"results": part, "fieldMask": mask, "requestId": f"batch-{number}"}
            for number, part in enumerate(parts)
        ]
        if not batches:
            batches = [] if self.empty == "array" else [{"fieldMask": mask, "requestId": "batch-0"}]
        if self._broken_streams and rows:
            after, error = self._broken_streams.pop(0)
            return [*batches[:after], error.body]
        return batches


def _streamed(request: Request, response: Response) -> Response:
    """A stream's answer; an error in JSON is wrapped."""
    body = response.get_json(silent=True)
    if not request.path.endswith(":searchStream") or not isinstance(body, dict):
        return response
    wrapped = json_response([body], status=response.status_code)
    for name in ("WWW-Authenticate", "Retry-After"):
        if name in response.headers:
            wrapped.headers[name] = response.headers[name]
    return wrapped
