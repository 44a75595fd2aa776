"""What Superset is asked, and the SQL on ``marts`` that must say the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from math import isnan
from typing import Any

from tests.bi.superset import Row, Superset

KEYS = ("brand_id", "kpi_id", "period_start", "segment_type", "segment")
GRAINS = {
    "day": ("daily", "P1D"),
    "week": ("weekly", "P1W"),
    "month": ("monthly", "P1M"),
    "quarter": ("quarterly", "P3M"),
}
ADDITIVE = ("revenue", "purchases", "sessions", "page_views")


@dataclass(frozen=True)
class Question:
    """One chart query.

    Attributes:
        name: for a person.
        context: what is posted to ``/chart/data``.
        sql: the same on the published file, columns in the order of ``columns``.
        columns: of the answer.
        series: columns that the chart makes the names of its lines from; empty for plain rows.
        often: asked again and again while the refresh runs.
    """

    name: str
    context: Mapping[str, Any]
    sql: str
    columns: tuple[str, ...]
    series: tuple[str, ...] = ()
    often: bool = True

    def rows(self, answer: list[Row]) -> list[tuple[Any, ...]]:
        """The answer as rows that compare with those of the SQL."""
        return sorted((tuple(plain(row[column]) for column in self.columns) for row in answer), key=repr)


def questions(superset: Superset) -> list[Question]:
    """Every question: whole tables of each grain, Superset's own time grains, the charts of the dashboard."""
    datasets = superset.ids("dataset", "table_name")
    charts = superset.ids("chart", "slice_name")

    def chart(name: str, **filters: object) -> dict[str, Any]:
        """A saved chart's query with the filters that a dashboard sets."""
        context = deepcopy(superset.chart_query(charts[name]))
        [query] = context["queries"]
        query["filters"] += [{"col": column, "op": "IN", "val": [value]} for column, value in filters.items()]
        query.pop("post_processing", None)  # only turns rows into lines; the rows are what is compared
        return context

    return [
        *(_whole_table(datasets["kpis"], grain) for grain in GRAINS),
        *(_time_grain(datasets["kpis"], grain) for grain in GRAINS),
        Question(
            "chart Published version",
            chart("Published version"),
            "select version from marts.publication",
            ("version",),
        ),
        Question(
            "chart Verdicts",
            chart("Verdicts"),
            "select verdict, count(*) from marts.fct_scorecard where is_latest group by verdict",
            ("verdict", "kpis"),
        ),
        _rows_of_chart(
            "Scorecard",
            chart("Scorecard"),
            "select {columns} from marts.fct_scorecard where is_latest",
        ),
        _rows_of_chart(
            "How fresh the sources are",
            chart("How fresh the sources are"),
            "select {columns} from marts.fct_source_freshness",
        ),
        Question(
            "chart KPI over time, as the dashboard filters it",
            chart("KPI over time", grain="month", kpi_id="revenue"),
            "select f.period_start, b.name, k.name_en, 'month', f.value from marts.fct_kpi_monthly as f "
            "join marts.dim_brand as b using (brand_id) join marts.dim_kpi as k using (kpi_id) "
            "where f.kpi_id = 'revenue' and f.segment_type = 'overall'",
            ("period_start", "brand", "kpi", "grain", "value"),
        ),
        Question(
            "chart KPI by channel, as the dashboard filters it",
            chart("KPI by channel", grain="quarter", kpi_id="sessions"),
            "select f.period_start, b.name, k.name_en, 'quarter', f.segment, f.value from marts.fct_kpi_quarterly as f "
            "join marts.dim_brand as b using (brand_id) join marts.dim_kpi as k using (kpi_id) "
            "where f.kpi_id = 'sessions' and f.segment_type = 'channel'",
            ("period_start", "brand", "kpi", "grain", "segment", "value"),
        ),
        Question(
            "chart Spend by channel",
            chart("Spend by channel"),
            "select date_trunc('month', cost_date), brand_id, channel_id, reporting_currency_code, "
            "sum(reporting_amount) from marts.fct_marketing_costs group by 1, 2, 3, 4",
            ("cost_date", "brand_id", "channel_id", "reporting_currency_code", "spend"),
        ),
    ]


def _whole_table(dataset: int, grain: str) -> Question:
    suffix, _ = GRAINS[grain]
    of_days = " where segment_type = 'overall' and brand_id = 'uk_gift_shop'" if grain == "day" else ""
    filters = [{"col": "grain", "op": "==", "val": grain}]
    if of_days:
        filters += [
            {"col": "segment_type", "op": "==", "val": "overall"},
            {"col": "brand_id", "op": "==", "val": "uk_gift_shop"},
        ]
    return Question(
        f"every row of fct_kpi_{suffix}{' of one brand, overall' if of_days else ''}",
        _context(dataset, columns=list(KEYS), metrics=["value"], filters=filters),
        f"select {', '.join(KEYS)}, value from marts.fct_kpi_{suffix}{of_days}",
        (*KEYS, "value"),
        often=grain in {"month", "quarter"},
    )


def _time_grain(dataset: int, grain: str) -> Question:
    """Superset sums days to its own weeks, months, quarters; the KPI table of that grain must say the same."""
    suffix, code = GRAINS[grain]
    axis = {
        "timeGrain": code,
        "columnType": "BASE_AXIS",
        "sqlExpression": "period_start",
        "label": "period_start",
        "expressionType": "SQL",
    }
    context = _context(
        dataset,
        columns=[axis, "brand_id", "kpi_id"],
        metrics=["sum_of_parts"],
        filters=[
            {"col": "grain", "op": "==", "val": "day"},
            {"col": "segment_type", "op": "==", "val": "overall"},
            {"col": "kpi_id", "op": "IN", "val": list(ADDITIVE)},
        ],
    )
    context["queries"][0]["extras"]["time_grain_sqla"] = code
    return Question(
        f"days of additive KPIs by Superset's {code} beside fct_kpi_{suffix}",
        context,
        f"select period_start, brand_id, kpi_id, numerator from marts.fct_kpi_{suffix} "
        f"where segment_type = 'overall' and kpi_id in {ADDITIVE}",
        ("period_start", "brand_id", "kpi_id", "sum_of_parts"),
        often=grain == "quarter",
    )


def _rows_of_chart(name: str, context: Mapping[str, Any], sql: str) -> Question:
    columns = tuple(context["queries"][0]["columns"])
    return Question(f"chart {name}", context, sql.format(columns=", ".join(columns)), columns)


def _context(dataset: int, *, columns: list[Any], metrics: list[str], filters: list[Any]) -> dict[str, Any]:
    return {
        "datasource": {"id": dataset, "type": "table"},
        "force": True,
        "queries": [
            {
                "columns": columns,
                "metrics": metrics,
                "filters": filters,
                "extras": {"where": "", "having": ""},
                "row_limit": 1_000_000,
                "orderby": [],
            }
        ],
        "result_format": "json",
        "result_type": "full",
    }


def plain(value: Any) -> Any:
    """A value as both sides have it: JSON knows no decimals, dates are milliseconds."""
    conversions: Mapping[type, Callable[[Any], Any]] = {
        bool: bool,
        int: float,
        Decimal: float,
        float: lambda number: None if isnan(number) else number,
        date: lambda day: datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000,
        datetime: lambda moment: moment.replace(tzinfo=UTC).timestamp() * 1000,
    }
    convert = conversions.get(type(value))
    return convert(value) if convert else value
