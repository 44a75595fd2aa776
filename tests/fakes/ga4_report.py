"""The table of a GA4 report: facts of a range grouped, measured, filtered and put in order.

In go facts and a request whose names and ranges are good; out comes the whole table, before paging. Users are
counted over all facts of a row. Each date range is a table of its own, told apart by a last dimension.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter, itemgetter
from typing import Any

from google.analytics.data_v1beta.types import MetricAggregation, OrderBy

from tests.fakes.ga4_checks import Range
from tests.fakes.ga4_data import Fact, Property, Quality
from tests.fakes.ga4_fields import DATE_RANGE, DIMENSIONS, METRICS, Number, kind_with, text
from tests.fakes.ga4_filters import Value, field_names, predicate

_OrderType = OrderBy.DimensionOrderBy.OrderType
_AGGREGATES: Mapping[str, tuple[int, str]] = {
    "totals": (MetricAggregation.TOTAL, "RESERVED_TOTAL"),
    "maximums": (MetricAggregation.MAXIMUM, "RESERVED_MAX"),
    "minimums": (MetricAggregation.MINIMUM, "RESERVED_MIN"),
}


@dataclass(frozen=True)
class TableRow:
    """One row: texts of dimensions, numbers of metrics by the name the request gave them."""

    dimensions: tuple[str, ...]
    metrics: tuple[Number, ...]


@dataclass(frozen=True, kw_only=True)
class Table:
    """A report before paging.

    Attributes:
        dimensions: names of the columns.
        metrics: names and units of the columns.
        rows: all of them, in order.
        aggregates: rows of totals, maximums and minimums, where asked for.
    """

    dimensions: tuple[str, ...]
    metrics: tuple[tuple[str, str], ...]
    rows: list[TableRow]
    aggregates: Mapping[str, list[TableRow]] = field(default_factory=dict)


class _Plan:
    """How facts become rows, for one request."""

    def __init__(self, request: Any, data: Property, quality: Quality) -> None:
        self.dimensions = [each.name for each in request.dimensions]
        self.metrics = [each.name for each in request.metrics]
        self._keeps_empty = request.keep_empty_rows
        filtered = list(field_names(request.metric_filter))
        hidden = [name for name in filtered if name not in self.metrics]
        measured = [*(each.expression or each.name for each in request.metrics), *hidden]
        self.kind = kind_with([*self.dimensions, *measured, *field_names(request.dimension_filter)])
        restricted = {name for name, _ in quality.restricted_metrics}
        rate = data.rates.get(request.currency_code, 1)
        self._measures = [_measure(name, self.kind, restricted, rate) for name in measured]
        columns = [*self.metrics, *hidden]
        self.lets_fact = predicate(request.dimension_filter, self._reader)
        self._lets_row: Callable[[Sequence[Number]], bool] = predicate(
            request.metric_filter, lambda name: itemgetter(columns.index(name))
        )

    def rows(self, facts: list[Fact]) -> list[TableRow]:
        """Rows in the order their first facts were stated."""
        groups: dict[Any, list[Fact]] = {}
        key = self._key()
        for fact in facts:
            groups.setdefault(key(fact), []).append(fact)
        rows = []
        for values, members in groups.items():
            measured = self.measured(members)
            is_empty = bool(self.metrics) and not any(measured)
            if self._lets_row(measured) and (self._keeps_empty or not is_empty):
                rows.append(TableRow(tuple(map(text, values)), measured[: len(self.metrics)]))
        return rows

    def measured(self, facts: Sequence[Fact]) -> tuple[Number, ...]:
        """All metrics over ``facts``, those that only a filter names last."""
        return tuple(measure(facts) for measure in self._measures)

    def _key(self) -> Callable[[Fact], tuple[Any, ...]]:
        attributes = [DIMENSIONS[name].attributes[self.kind] for name in self.dimensions]
        if not attributes:
            return lambda _: ()
        read = attrgetter(*attributes)
        return read if len(attributes) > 1 else lambda fact: (read(fact),)

    def _reader(self, name: str) -> Callable[[Fact], Value]:
        read = attrgetter(DIMENSIONS[name].attributes[self.kind])
        return lambda fact: text(read(fact))


def table_of(request: Any, data: Property, ranges: Sequence[Range], *, quality: Quality) -> Table:
    """The table that answers ``request`` from the facts of ``data``.

    Args:
        request: the protobuf message.
        data: the property.
        ranges: days asked for, clipped to what may be seen.
        quality: restricted metrics show zeros.

    Raises:
        GoogleError: fields that can't be combined, or a filter that isn't valid.
    """
    plan = _Plan(request, data, quality)
    visible = [fact for fact in data.facts(plan.kind) if plan.lets_fact(fact)]
    rows: list[TableRow] = []
    aggregates: dict[str, list[TableRow]] = {
        name: []
        for name, (aggregation, _) in _AGGREGATES.items()
        if aggregation in request.metric_aggregations
    }
    for days in ranges:
        facts = [fact for fact in visible if days.first <= fact.day <= days.last]
        suffix = (days.name,) if len(ranges) > 1 else ()
        found = [TableRow(row.dimensions + suffix, row.metrics) for row in plan.rows(facts)]
        rows += found
        for name, into in aggregates.items():
            if found:
                labels = (_AGGREGATES[name][1],) * len(plan.dimensions) + suffix
                into.append(TableRow(labels, _aggregate(name, plan, facts, found)))
    dimensions = [*plan.dimensions, *([DATE_RANGE] if len(ranges) > 1 else [])]
    _sort(rows, request, dimensions, plan.metrics)
    types = [METRICS[each.expression or each.name].unit for each in request.metrics]
    return Table(
        dimensions=tuple(dimensions),
        metrics=tuple(zip(plan.metrics, types, strict=True)),
        rows=rows,
        aggregates=aggregates,
    )


def _aggregate(name: str, plan: _Plan, facts: list[Fact], rows: list[TableRow]) -> tuple[Number, ...]:
    if name == "totals":
        return plan.measured(facts)[: len(plan.metrics)]
    pick = max if name == "maximums" else min
    return tuple(pick(values) for values in zip(*(row.metrics for row in rows), strict=True))


def _measure(
    name: str, kind: type[Fact], restricted: set[str], rate: float
) -> Callable[[Sequence[Fact]], Number]:
    metric = METRICS[name]
    measure = metric.measures[kind]
    if name in restricted:
        return lambda _: 0
    if metric.unit == "TYPE_CURRENCY" and rate != 1:
        return lambda facts: measure(facts) * rate
    return measure


def _sort(rows: list[TableRow], request: Any, dimensions: list[str], metrics: list[str]) -> None:
    """As asked; else by the first metric from the highest, or by dimensions where there is no metric."""
    if not request.order_bys:
        if metrics:
            rows.sort(key=lambda row: row.metrics[0], reverse=True)
        else:
            rows.sort(key=lambda row: row.dimensions)
    for each in reversed(request.order_bys):
        rows.sort(key=_sort_key(each, dimensions, metrics), reverse=each.desc)


def _sort_key(order: Any, dimensions: list[str], metrics: list[str]) -> Callable[[TableRow], Any]:
    if order.HasField("metric"):
        column = metrics.index(order.metric.metric_name)
        return lambda row: row.metrics[column]
    column = dimensions.index(order.dimension.dimension_name)
    match order.dimension.order_type:
        case _OrderType.CASE_INSENSITIVE_ALPHANUMERIC:
            return lambda row: row.dimensions[column].casefold()
        case _OrderType.NUMERIC:
            return lambda row: _as_number(row.dimensions[column])
    return lambda row: row.dimensions[column]


def _as_number(value: str) -> tuple[bool, float]:
    """Numbers after what is none."""
    try:
        return True, float(value)
    except ValueError:
        return False, 0.0
