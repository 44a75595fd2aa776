"""Calls of the GA4 Data API: runReport of one property, page by page, whole or not at all.

Facts: Data API v1beta. Every value is text; ``rowCount`` counts all rows whatever the page; an empty answer
has neither rows nor count; an error that comes with status 200 reads as an empty report but lacks ``kind``.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

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
from connectors.core.auth import google_credentials, google_token
from connectors.core.errors import PageDriftError, SchemaError
from connectors.core.meter import current_meter
from connectors.core.paging import Page, pages
from connectors.core.rate_limit import Rate
from connectors.core.retry import CallError, Kind, incomplete, persist
from connectors.core.session import proxy_of
from connectors.core.window import DateWindow
from connectors.ga4.columns import Rows
from connectors.ga4.config import Config
from connectors.ga4.quality import Quality
from connectors.ga4.questions import Report
from connectors.ga4.transport import GoogleClient

SCOPE = "https://www.googleapis.com/auth/analytics.readonly"
_RATE = Rate(calls=60, seconds=10, concurrent=8)
"""Ten requests at once are allowed to a standard property; two are left to others."""
_KIND = "analyticsData#runReport"


@dataclass(frozen=True, kw_only=True)
class Part:
    """Some rows of an answer; an empty answer has one part without rows.

    Attributes:
        columns: text by Google's name of dimension or metric; a metric that is withheld is None, since the
            zeros that Google shows instead aren't true.
        rows: rows of this part. total: of the whole answer, as Google counts them.
        currency: of amounts.
    """

    columns: dict[str, list[str | None]]
    rows: int
    total: int
    currency: str | None
    quality: Quality


@dataclass(frozen=True, kw_only=True)
class _Answer:
    """One page: the message without its rows, and the rows, which go as they are handed on."""

    message: Any
    rows: Rows


class Ga4Client:
    """Asks one property.

    Attributes:
        config: keys of the source.
    """

    def __init__(self, config: Config, context: Context) -> None:
        self.config = config
        self._context = context
        credentials = google_credentials(
            config.credentials_file_env, scope=SCOPE, source_id=context.source_id
        )
        self._token = google_token(credentials, source_id=context.source_id, config=config.http)
        self._google = GoogleClient(config, proxy=proxy_of(config.http, source_id=context.source_id))
        self._limiter = context.limits.of(f"ga4:{config.property_id}", _RATE)
        self._lock = threading.Lock()
        self._account: Account | None = None

    def account(self) -> Account:
        """The property, by a report of one row over yesterday."""
        with self._lock:
            if self._account is None:
                yesterday = self._context.now.date() - timedelta(days=1)
                report = Report(
                    what="the property",
                    dimensions=(),
                    metrics=("sessions", "totalRevenue"),
                    ranges=(DateWindow.inclusive(yesterday, yesterday),),
                )
                self._account = self._account_of(report, self._call(report, limit=1, offset=0).message)
            return self._account

    def parts(self, report: Report) -> Iterator[Part]:
        """The answer in a fixed order, some rows at a time.

        Raises:
            PageDriftError: the number of rows changed while pages were read.
            IncompleteError: fewer rows came than Google counts.
            SchemaError: other columns came than were asked for.
        """
        what = self._what(report)
        # Rows of several ranges are few and can't be put in order: they are never paged.
        limit = max(self.config.page_rows, len(report.ranges))
        received, total = 0, -1

        def fetch(token: str | None) -> Page[_Answer]:
            answer = self._call(report, limit=limit, offset=int(token or 0))
            following = int(token or 0) + answer.rows.count
            is_last = following >= answer.message.row_count
            return Page(answer, None if is_last else str(following))

        for answer in pages(fetch, what=what):
            self._require_columns(report, answer)
            count = int(answer.message.row_count)
            if total not in {-1, count}:
                raise PageDriftError(
                    f"{what}: the answer had {total:,} rows and then {count:,}, so rows moved between pages. "
                    "Nothing of this window was stored; run again."
                )
            received, total = received + answer.rows.count, count
            yield from _parts(report, answer)
        if received != total:
            raise incomplete(what, f"{received:,} rows came where {total:,} are.")

    def close(self) -> None:
        """Close connections."""
        self._google.close()

    def _account_of(self, report: Report, message: Any) -> Account:
        quota = message.property_quota
        withheld = Quality.of(message.metadata, report.metrics).withheld
        return Account(
            identity=f"GA4 property {self.config.property_id}",
            permission="reads reports",
            timezone=message.metadata.time_zone or None,
            currency=message.metadata.currency_code or None,
            quota=(
                f"{quota.tokens_per_day.remaining:,} tokens left today, "
                f"{quota.tokens_per_hour.remaining:,} this hour"
                if message.HasField("property_quota")
                else None
            ),
            notes=tuple(f"these credentials may not see {metric}; it stays empty" for metric in withheld),
        )

    def _call(self, report: Report, *, limit: int, offset: int) -> _Answer:
        request = self._request(report, limit=limit, offset=offset)
        used: dict[str, str] = {}

        def once() -> _Answer:
            used.update(self._token.headers())
            with self._limiter.call():
                current_meter().requested()
                message, rows = self._google.run(request, used)
            if message.kind != _KIND:
                raise CallError(Kind.RETRY, "an answer without its kind, which is no report")
            return _Answer(message=message, rows=rows)

        return persist(
            once,
            what=self._what(report),
            policy=self.config.http.policy,
            clock=self._context.clock,
            refresh=lambda: self._token.refresh(used),
            pause=self._limiter.pause,
        )

    def _request(self, report: Report, *, limit: int, offset: int) -> RunReportRequest:
        names = Filter.InListFilter(values=list(report.events), case_sensitive=True)
        only_events = FilterExpression(filter=Filter(field_name="eventName", in_list_filter=names))
        return RunReportRequest(
            property=f"properties/{self.config.property_id}",
            dimensions=[Dimension(name=each) for each in report.dimensions],
            metrics=[Metric(name=each) for each in report.metrics],
            date_ranges=[
                DateRange(start_date=str(days.start), end_date=str(days.last)) for days in report.ranges
            ],
            dimension_filter=only_events if report.events else None,
            # Without a total order the pages of one answer may overlap.
            order_bys=[
                OrderBy(dimension=OrderBy.DimensionOrderBy(dimension_name=each)) for each in report.dimensions
            ],
            limit=limit,
            offset=offset,
            currency_code=self.config.currency or "",
            return_property_quota=True,
        )

    def _what(self, report: Report) -> str:
        return f"Source {self._context.source_id}, {report.what}"

    def _require_columns(self, report: Report, answer: _Answer) -> None:
        """See that the columns are those asked for, in order; an empty answer may name none."""
        message, rows = answer.message, answer.rows
        dimensions = [header.name for header in message.dimension_headers]
        metrics = [header.name for header in message.metric_headers]
        asked = (*report.answered_dimensions, *report.metrics)
        widths = (len(dimensions), len(metrics))
        is_even = not rows.has_gaps and all(
            (len(values.dimensions), len(values.metrics)) == widths for values in rows.parts
        )
        is_bare = not rows.count and not dimensions and not metrics
        if not is_bare and ((*dimensions, *metrics) != asked or not is_even):
            came = ", ".join((*dimensions, *metrics)) or "none"
            raise SchemaError(
                f"{self._what(report)}: columns {', '.join(asked)} were asked for, and {came} came"
                f"{'' if is_even else ' with gaps'}. Nothing was stored. Report it with this message."
            )


def _parts(report: Report, answer: _Answer) -> Iterator[Part]:
    message, rows = answer.message, answer.rows
    quality = Quality.of(message.metadata, report.metrics)
    names = (*report.answered_dimensions, *report.metrics)

    def part(count: int, columns: Mapping[str, list[str | None]]) -> Part:
        withheld: dict[str, list[str | None]] = {name: [None] * count for name in quality.withheld}
        return Part(
            columns={**columns, **withheld},
            rows=count,
            total=int(message.row_count),
            currency=message.metadata.currency_code or None,
            quality=quality,
        )

    if not rows.count:
        yield part(0, {name: [] for name in names})
    while rows.parts:
        # Taken off, for a page would else be kept until the next has come.
        values = rows.parts.pop(0)
        columns = zip(names, (*values.dimensions, *values.metrics), strict=True)
        yield part(values.count, {name: column.to_pylist() for name, column in columns})


def connect(config: Config, context: Context) -> Ga4Client:
    """The client; nothing is called yet."""
    return Ga4Client(config, context)
