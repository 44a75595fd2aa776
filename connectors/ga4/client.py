"""Calls of the GA4 Data API: runReport of one property, page by page, whole or not at all.

Facts: Data API v1beta. Every value is text; ``rowCount`` counts all rows whatever the page; an empty answer
has neither rows nor count; an error that comes with status 200 reads as an empty report but lacks ``kind``.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from google.analytics.data_v1beta import BetaAnalyticsDataClient
from google.analytics.data_v1beta.types import (
    DateRange,
    Dimension,
    Filter,
    FilterExpression,
    Metric,
    OrderBy,
    RunReportRequest,
)

from connectors.core.api import Account, Context
from connectors.core.auth import google_credentials
from connectors.core.errors import PageDriftError, SchemaError
from connectors.core.meter import current_meter
from connectors.core.rate_limit import Rate
from connectors.core.retry import CallError, Kind, incomplete, persist
from connectors.core.session import proxy_of
from connectors.ga4.config import Config
from connectors.ga4.transport import judged, make_client, refresh

SCOPE = "https://www.googleapis.com/auth/analytics.readonly"
_RATE = Rate(calls=60, seconds=10, concurrent=8)
"""Ten requests at once are allowed to a property; two are left to others."""
_KIND = "analyticsData#runReport"
_RANGE = "dateRange"


@dataclass(frozen=True, kw_only=True)
class Report:
    """One question.

    Attributes:
        what: stream and window, for errors.
        dimensions, metrics: names in Google's words.
        ranges: first and last day of each range; more than one add the dimension ``dateRange``.
        events: only events of these names.
    """

    what: str
    dimensions: tuple[str, ...]
    metrics: tuple[str, ...]
    ranges: tuple[tuple[date, date], ...]
    events: tuple[str, ...] = ()

    @property
    def answered_dimensions(self) -> list[str]:
        """Dimensions of the answer."""
        return [*self.dimensions, *([_RANGE] if len(self.ranges) > 1 else [])]


@dataclass(frozen=True, kw_only=True)
class ReportPage:
    """One page of an answer.

    Attributes:
        columns: text values by Google's name of dimension or metric; a metric that the credentials may not
            see is None, for Google shows zeros.
        rows: rows of this page. total: of the whole answer.
        metadata: Google's message about the quality of the answer.
    """

    columns: dict[str, list[str | None]]
    rows: int
    total: int
    metadata: Any


class Ga4Client:
    """Asks one property."""

    def __init__(self, config: Config, context: Context) -> None:
        self.config = config
        self.context = context
        self._credentials = google_credentials(
            config.credentials_file_env, scope=SCOPE, source_id=context.source_id
        )
        proxy = proxy_of(config.http, source_id=context.source_id)
        self._client: BetaAnalyticsDataClient = make_client(config, self._credentials, proxy=proxy)
        self._limiter = context.limits.of(f"ga4:{config.property_id}", _RATE)
        self._lock = threading.Lock()
        self._account: Account | None = None

    def account(self) -> Account:
        """The property, by a report of one row over yesterday."""
        with self._lock:
            if self._account is None:
                day = self.context.now.date()
                report = Report(
                    what="the property", dimensions=(), metrics=("sessions",), ranges=((day, day),)
                )
                answer = self._call(report, limit=1, offset=0)
                quota = answer.property_quota.tokens_per_day
                self._account = Account(
                    identity=f"GA4 property {self.config.property_id}",
                    permission="reads reports",
                    timezone=answer.metadata.time_zone or None,
                    currency=answer.metadata.currency_code or None,
                    quota=f"{quota.remaining:,} tokens left today",
                )
            return self._account

    def report(self, report: Report) -> Iterator[ReportPage]:
        """Pages of the answer, in a fixed order.

        Raises:
            PageDriftError: the number of rows changed while pages were read.
            IncompleteError: fewer rows came than Google counts.
            SchemaError: other columns came than were asked for.
        """
        received, total = 0, -1
        while total < 0 or received < total:
            answer = self._call(report, limit=self.config.page_rows, offset=received)
            self._require_headers(report, answer)
            rows = len(answer.rows)
            if total not in (-1, answer.row_count):
                raise PageDriftError(
                    f"{self._what(report)}: the answer had {total:,} rows and then {answer.row_count:,}, so "
                    "rows moved between pages. Nothing of this window was stored; run again."
                )
            total = answer.row_count
            if not rows and received < total:
                raise incomplete(self._what(report), f"{received:,} of {total:,} rows came.")
            received += rows
            yield ReportPage(
                columns=_columns(report, answer), rows=rows, total=total, metadata=answer.metadata
            )
        if received != total:
            raise incomplete(self._what(report), f"{received:,} rows came where {total:,} are.")

    def close(self) -> None:
        """Close connections."""
        self._client.transport.close()  # type: ignore[no-untyped-call]  # the library has no types

    def _call(self, report: Report, *, limit: int, offset: int) -> Any:
        """The raw message: its wrapper would cost more than the answer itself."""
        request = _request(f"properties/{self.config.property_id}", report, limit=limit, offset=offset)

        def once() -> Any:
            with self._limiter.call():
                current_meter().requested()
                answer = judged(
                    lambda: self._client.run_report(
                        request, retry=None, timeout=self.context_timeout, metadata=()
                    )
                )
            message = type(answer).pb(answer)
            if message.kind != _KIND:
                raise CallError(Kind.RETRY, "an answer without its kind, which is no report")
            return message

        return persist(
            once,
            what=self._what(report),
            policy=self.config.http.policy,
            clock=self.context.clock,
            refresh=lambda: refresh(self._credentials),
            pause=self._limiter.pause,
        )

    @property
    def context_timeout(self) -> float:
        """Seconds that one call may take."""
        return self.config.http.read_timeout

    def _what(self, report: Report) -> str:
        return f"Source {self.context.source_id}, {report.what}"

    def _require_headers(self, report: Report, answer: Any) -> None:
        """See that the columns are those asked for, in order; an empty answer has none."""
        found = [header.name for header in (*answer.dimension_headers, *answer.metric_headers)]
        asked = [*report.answered_dimensions, *report.metrics]
        if answer.rows and found != asked:
            raise SchemaError(
                f"{self._what(report)}: columns {', '.join(asked)} were asked for, {', '.join(found)} came. "
                "Nothing was stored. Report it with this message."
            )


def _request(name: str, report: Report, *, limit: int, offset: int) -> RunReportRequest:
    only_events = FilterExpression(
        filter=Filter(field_name="eventName", in_list_filter=Filter.InListFilter(values=list(report.events)))
    )
    return RunReportRequest(
        property=name,
        dimensions=[Dimension(name=each) for each in report.dimensions],
        metrics=[Metric(name=each) for each in report.metrics],
        date_ranges=[DateRange(start_date=str(first), end_date=str(last)) for first, last in report.ranges],
        dimension_filter=only_events if report.events else None,
        # Without a total order the pages of one answer may overlap.
        order_bys=[
            OrderBy(dimension=OrderBy.DimensionOrderBy(dimension_name=each)) for each in report.dimensions
        ],
        limit=limit,
        offset=offset,
        return_property_quota=True,
    )


def _columns(report: Report, answer: Any) -> dict[str, list[str | None]]:
    dimensions = report.answered_dimensions
    values = [value.value for row in answer.rows for value in row.dimension_values]
    numbers = [value.value for row in answer.rows for value in row.metric_values]
    columns: dict[str, list[str | None]] = {
        name: values[place :: len(dimensions)] for place, name in enumerate(dimensions)
    }
    columns |= {name: numbers[place :: len(report.metrics)] for place, name in enumerate(report.metrics)}
    for restriction in answer.metadata.schema_restriction_response.active_metric_restrictions:
        if restriction.metric_name in columns:
            columns[restriction.metric_name] = [None] * len(answer.rows)
    return columns


def connect(config: Config, context: Context) -> Ga4Client:
    """The client; nothing is called yet."""
    return Ga4Client(config, context)
