"""Ga4Api: the Google Analytics Data API v1beta on loopback, over REST; see ``ga4_grpc`` for gRPC.

``runReport``, ``batchRunReports`` and metadata of the properties that a test states. Tables and pages are
computed once for the same request and data. Unknown routes and wrong verbs get Google's HTML page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Any

from google.analytics.data_v1beta.types import (
    BatchRunReportsRequest,
    BatchRunReportsResponse,
    RunReportRequest,
)
from werkzeug import Request, Response

from tests.fakes.contract import Contract
from tests.fakes.discovery import names_or_numbers, openapi
from tests.fakes.faults import Fault
from tests.fakes.ga4_answer import Page, ReportAnswer, answer_of, metadata_of
from tests.fakes.ga4_checks import Range, checked_ranges
from tests.fakes.ga4_data import Property, Quality
from tests.fakes.ga4_messages import field_list, parsed, unpaged
from tests.fakes.ga4_quota import CONCURRENT, DAILY
from tests.fakes.ga4_report import Table, table_of
from tests.fakes.google_api import TOKEN, GoogleApi, GoogleError, UnknownRouteError, service_disabled
from tests.fakes.google_auth import TOKEN_PATH, GoogleTokens
from tests.fakes.kept import Kept
from tests.fakes.server import json_response

DEFAULT_LIMIT = 10_000
MOST_ROWS = 250_000
_BATCH_KIND = "analyticsData#batchRunReports"
_BATCH_MOST = 5
_ROUTE = re.compile(r"/v1beta/properties/([^/:]+)(:runReport|:batchRunReports|/metadata)")


class Ga4Response(Response):
    """An answer that gRPC can give as well.

    Attributes:
        message: makes the serialised protobuf message of it.
    """

    message: Callable[[], bytes]

    @classmethod
    def of(cls, body: Iterable[bytes], message: Callable[[], bytes]) -> Ga4Response:
        """The JSON in pieces, and the message."""
        pieces = list(body)
        response = cls(pieces, content_type="application/json; charset=UTF-8")
        response.headers["Content-Length"] = str(sum(map(len, pieces)))
        response.message = message
        return response


class Ga4Api(GoogleApi):
    """The API; give it properties.

    Attributes:
        properties: by numeric id.
        now: the instant; days after it in a property's zone aren't visible yet.
        is_disabled: the API isn't switched on in the account's project.
        most_rows: of a page; a higher limit is lowered to it silently.
    """

    contract = Contract(
        openapi("analyticsdata.v1beta.json", spelling=names_or_numbers, more_paths={TOKEN: TOKEN_PATH})
    )
    scope = "https://www.googleapis.com/auth/analytics.readonly"

    def __init__(
        self,
        properties: Mapping[str, Property],
        *,
        now: datetime,
        tokens: GoogleTokens | None = None,
        requires_token: bool = True,
        port: int = 0,
    ) -> None:
        super().__init__(tokens=tokens, requires_token=requires_token, port=port)
        self.properties = dict(properties)
        self.now = now
        self.is_disabled = False
        self.most_rows = MOST_ROWS
        self._tables = Kept[Table]()
        self._pages = Kept[Page]()

    def page_of(self, request: Request) -> int:
        """By offset and limit of a report."""
        if not request.path.endswith(":runReport"):
            return 0
        body = request.get_json(silent=True) or {}
        limit = min(int(body.get("limit", 0)) or DEFAULT_LIMIT, self.most_rows)
        return int(body.get("offset", 0)) // limit + 1

    def serve(self, request: Request) -> Response:
        """One of the three routes."""
        route = _ROUTE.fullmatch(request.path)
        if route is None or request.method != ("GET" if route[2] == "/metadata" else "POST"):
            raise UnknownRouteError
        if self.is_disabled:
            raise service_disabled("Google Analytics Data API")
        if route[2] == "/metadata":
            self._property(route[1])
            return json_response(field_list(route[1]))
        name, numbers = f"properties/{route[1]}", "enum-encoding=int" in request.args.get("$alt", "")
        with self._property(route[1]).quota.request():
            if route[2] == ":runReport":
                report = self._run(parsed(request.get_data(), RunReportRequest.pb()()), name)
                return Ga4Response.of(report.json(numbers_for_enums=numbers), report.message)
            return self._batch(
                parsed(request.get_data(), BatchRunReportsRequest.pb()()), name, numbers=numbers
            )

    def exhausted(self, fault: Fault) -> GoogleError:
        """Too many at once is over soon, the tokens of the day are not."""
        return GoogleError(429, DAILY if fault is Fault.QUOTA_EXHAUSTED else CONCURRENT)

    def forbidden(self, _path: str = "", /) -> GoogleError:
        """No access to the property, or there is none: the API doesn't tell which."""
        return GoogleError(
            403,
            "User does not have sufficient permissions for this property. To learn more about Property ID, see "
            "https://developers.google.com/analytics/devguides/reporting/data/v1/property-id.",
        )

    def broken(self, fault: Fault, request: Request) -> Response:
        """Server errors count against the property's quota."""
        response = super().broken(fault, request)
        route = _ROUTE.fullmatch(request.path)
        if route and route[1] in self.properties and response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self.properties[route[1]].quota.failed()
        return response

    def _property(self, number: str) -> Property:
        if not number.isdecimal():
            raise GoogleError(400, f"Invalid property ID: {number}. A numeric Property ID is required.")
        data = self.properties.get(number)
        if data is None or not data.is_shared:
            raise self.forbidden()
        return data

    def _run(self, request: Any, name: str) -> ReportAnswer:
        if request.property not in {"", name}:
            raise GoogleError(400, f"The property {request.property} is not the one of the URL, {name}.")
        data = self.properties[name.removeprefix("properties/")]
        today = data.today(self.now)
        ranges = checked_ranges(request, today=today)
        if request.currency_code not in {"", data.currency_code, *data.rates}:
            raise GoogleError(400, f"The currency code {request.currency_code} is not supported.")
        quality = _quality(data, ranges)
        visible = [replace(each, last=min(each.last, today)) for each in ranges]
        limit, offset = min(request.limit or DEFAULT_LIMIT, self.most_rows), request.offset
        rate = data.rates.get(request.currency_code)
        key = (data.version, today, quality, rate, unpaged(request))
        table = self._tables.get(key, lambda: table_of(request, data, visible, quality=quality))
        page = self._pages.get((*key, limit, offset), lambda: Page(table.rows[offset : offset + limit]))
        data.quota.spend(days=sum(each.days for each in ranges), rows=len(page.rows))
        return answer_of(
            table,
            page,
            metadata=metadata_of(
                data, quality, ranges, currency=request.currency_code, is_empty=not table.rows
            ),
            quota=data.quota.status if request.return_property_quota else None,
        )

    def _batch(self, request: Any, name: str, *, numbers: bool) -> Response:
        if len(request.requests) > _BATCH_MOST:
            raise GoogleError(400, f"Requests are limited to {_BATCH_MOST} reports in a batch.")
        reports = [self._run(each, name) for each in request.requests]
        bodies = [b"".join(each.json(numbers_for_enums=numbers)) for each in reports]

        def message() -> bytes:
            whole = BatchRunReportsResponse.pb()(kind=_BATCH_KIND)
            for each in reports:
                whole.reports.add().MergeFromString(each.message())
            return bytes(whole.SerializeToString())

        body = b'{"reports":[' + b",".join(bodies) + f'],"kind":"{_BATCH_KIND}"}}'.encode()
        return Ga4Response.of([body], message)


def _quality(data: Property, ranges: tuple[Range, ...]) -> Quality:
    """That of the first special day in the ranges, else of the property."""
    for day, quality in sorted(data.quality_of_day.items(), key=lambda each: each[0]):
        if any(each.first <= day <= each.last for each in ranges):
            return quality
    return data.quality
