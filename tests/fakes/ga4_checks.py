"""What the GA4 API refuses, checked in its order and said in its words.

Field names come first, then limit and offset, date ranges, and counts last; unknown JSON keys were refused
before. Out come the request's date ranges as days of the property.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from google.analytics.data_v1beta.types import MetricAggregation

from tests.fakes.ga4_fields import DATE_RANGE, DIMENSIONS, METRICS
from tests.fakes.ga4_filters import field_names
from tests.fakes.google_api import GoogleError

_SCHEMA = "https://developers.google.com/analytics/devguides/reporting/data/v1/api-schema"
_FIRST, _LAST = date(2015, 8, 13), date(3000, 1, 1)
_MOST = {"dimensions": 9, "metrics": 10, "dateRanges": 4}


@dataclass(frozen=True, kw_only=True)
class Range:
    """Days of a report, both included."""

    name: str
    first: date
    last: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1


def checked_ranges(request: Any, *, today: date) -> tuple[Range, ...]:
    """The date ranges of a ``RunReportRequest`` that is good.

    Args:
        request: the protobuf message.
        today: in the property's zone.

    Raises:
        GoogleError: it isn't good.
    """
    _check_names(request)
    _check_paging(request)
    ranges = tuple(_ranges(request, today))
    for name, found in (
        ("dimensions", request.dimensions),
        ("metrics", request.metrics),
        ("dateRanges", request.date_ranges),
    ):
        if len(found) > _MOST[name]:
            raise GoogleError(400, f"Requests are limited to {_MOST[name]} {name}.")
    if MetricAggregation.COUNT in request.metric_aggregations:
        raise GoogleError(400, "MetricAggregation COUNT is not supported.")
    _check_spoken(request)
    return ranges


def _check_names(request: Any) -> None:
    dimensions = [each.name for each in request.dimensions]
    metrics = [each.name for each in request.metrics]
    for name in [*dimensions, *field_names(request.dimension_filter)]:
        if name not in DIMENSIONS:
            raise GoogleError(
                400,
                f"Field {name} is not a valid dimension. For a list of valid dimensions and metrics, see {_SCHEMA}",
            )
    asked = [each.expression or each.name for each in request.metrics]
    for name in [*asked, *field_names(request.metric_filter)]:
        if name not in METRICS:
            raise GoogleError(
                400,
                f"Field {name} is not a valid metric.  For a list of valid dimensions and metrics, see {_SCHEMA}",
            )
    for name in dimensions + metrics:
        if (dimensions + metrics).count(name) > 1:
            raise GoogleError(400, f"Field {name} is listed more than once.")
    if not dimensions and not metrics:
        raise GoogleError(400, "A report needs at least one dimension or metric.")
    known = {*dimensions, *metrics, *([DATE_RANGE] if len(request.date_ranges) > 1 else [])}
    for each in request.order_bys:
        name = each.dimension.dimension_name or each.metric.metric_name
        if name not in known:
            raise GoogleError(
                400,
                f"Field {name} exists in OrderBy but is not defined in input Dimensions/Metrics list.",
            )


def _check_paging(request: Any) -> None:
    for name in ("limit", "offset"):
        value = getattr(request, name)
        if value < 0:
            raise GoogleError(400, f"{name} must be positive. The API received {name} = {value}")


def _ranges(request: Any, today: date) -> Iterator[Range]:
    if not request.date_ranges:
        raise GoogleError(400, "A dateRange is required.")
    for index, each in enumerate(request.date_ranges):
        first = _day("start_date", each.start_date, today)
        last = _day("end_date", each.end_date, today)
        if first > last:
            raise GoogleError(
                400, f"Invalid dateRange: start_date = {first} must not be after end_date = {last}."
            )
        if each.name.startswith(("date_range_", "RESERVED_")):
            raise GoogleError(
                400, f"The dateRange name {each.name} cannot begin with date_range_ or RESERVED_."
            )
        yield Range(name=each.name or f"date_range_{index}", first=first, last=last)


def _day(field: str, value: str, today: date) -> date:
    if value in {"today", "yesterday"}:
        return today - timedelta(days=value == "yesterday")
    form = re.fullmatch(r"(?P<ago>\d{1,6})daysAgo|\d{4}-\d{2}-\d{2}", value)
    if form is None:
        raise _not_a_day(field, value)
    try:
        day = today - timedelta(days=int(form["ago"])) if form["ago"] else date.fromisoformat(value)
    except (ValueError, OverflowError):
        raise _not_a_day(field, value) from None
    if not _FIRST < day < _LAST:
        raise GoogleError(400, f"{field} = {day} must be greater than {_FIRST} and less than {_LAST}.")
    return day


def _not_a_day(field: str, value: str) -> GoogleError:
    return GoogleError(400, f"Invalid {field}: {value}. Use YYYY-MM-DD, NdaysAgo, yesterday, or today.")


def _check_spoken(request: Any) -> None:
    """Refuse what the real API answers and this server doesn't."""
    unspoken = {
        "cohortSpec": request.HasField("cohort_spec"),
        "comparisons": bool(request.comparisons),
        "pivot orderBys": any(each.HasField("pivot") for each in request.order_bys),
        "invisible metrics": any(each.invisible for each in request.metrics),
        "dimensionExpression": any(each.HasField("dimension_expression") for each in request.dimensions),
    }
    for name, is_asked in unspoken.items():
        if is_asked:
            raise GoogleError(400, f"This server on loopback does not answer {name}.")
