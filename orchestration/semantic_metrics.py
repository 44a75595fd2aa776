"""Turns the KPI catalogue into metrics of MetricFlow: which can be said, how, and why the others can't.

Comes in: the three seeds. Goes out: a :class:`Catalogue` of measures and metrics, in terms of MetricFlow
but not yet YAML.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orchestration.kpi_dictionary import Row, Seeds
from orchestration.semantic_facts import FACTS, View, view_of

REASONS: Mapping[str, str] = {
    "semi_additive": "a state at the end of the period, carried over days without a count; days don't add up",
    "non_additive": "computed per period from people, cohorts or a window that reaches beyond the period",
}
"""Why a measure can't be a sum over days, by its additivity."""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A measure of a semantic model; ``expr`` is SQL over the columns of ``view``.

    ``part`` is the measure of measures.csv that it is, before a setting of the brand weighs it.
    """

    name: str
    part: str
    view: View
    agg: str
    expr: str
    description: str


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A metric; ``kpi`` is its row of the catalogue, absent where it is only a part of others."""

    name: str
    label: str
    description: str
    type: str
    params: Mapping[str, Any]
    kpi: Row | None = None
    is_filtered: bool = False
    """Only brands whose sources measure the KPI: a side that a brand lacks must not pass for 0."""


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """What MetricFlow is told, and the KPIs that it can't be told with the reason of each."""

    measures: Sequence[Measure]
    metrics: Sequence[Metric]
    left_out: Mapping[str, str]


def catalogue(seeds: Seeds) -> Catalogue:
    """Measures and metrics of every KPI that can be expressed.

    Raises:
        ValueError: a KPI needs a measure that isn't declared or bears the name of one that it isn't, or a
            derived measure is weighted by a setting that no view holds.
    """
    left_out = {kpi["kpi_id"]: reason for kpi in seeds.kpis if (reason := _reason(kpi, seeds))}
    kpis = [kpi for kpi in seeds.kpis if kpi["kpi_id"] not in left_out]
    metrics: dict[str, Metric] = {}
    measures: dict[str, Measure] = {}
    for kpi in kpis:
        for metric in _metrics_of(kpi, seeds, measures):
            known = metrics.setdefault(metric.name, metric)
            if known.params != metric.params:
                raise ValueError(
                    f"{metric.name} names a KPI of kpi_catalogue.csv and a measure that is another "
                    "number. MetricFlow has one namespace for both: rename the KPI or the measure."
                )
            if metric.kpi:
                metrics[metric.name] = metric
    return Catalogue(measures=list(measures.values()), metrics=list(metrics.values()), left_out=left_out)


def _reason(kpi: Row, seeds: Seeds) -> str:
    """Why a KPI can't be expressed; empty if it can."""
    told: list[str] = []
    for part in seeds.measures_of(kpi):
        rows = seeds.rows_of(part)
        if not rows:
            raise ValueError(f"KPI {kpi['kpi_id']} needs {part}, which measures.csv doesn't declare")
        additivity = rows[0]["additivity"]
        if additivity != "additive" and view_of(part) not in FACTS:
            told.append(f"`{part}` is {REASONS[additivity]}")
    return "; ".join(told)


def _is_plain(kpi: Row, seeds: Seeds) -> bool:
    """The KPI is one measure and nothing else."""
    side = kpi["numerator_measure"]
    return not kpi["denominator_measure"] and kpi["scale"] == "1" and not seeds.terms_of(side)


def _metrics_of(kpi: Row, seeds: Seeds, measures: dict[str, Measure]) -> Iterable[Metric]:
    """The metric of a KPI after those that it is made of; their measures are added to ``measures``."""
    name, scale = kpi["kpi_id"], kpi["scale"]
    numerator, denominator = kpi["numerator_measure"], kpi["denominator_measure"]
    if _is_plain(kpi, seeds):
        measure = _measure(numerator, "", seeds, measures)
        yield _kpi_metric(kpi, "simple", _simple(measure), is_filtered=False)
        return
    for side in (numerator, denominator):
        if side:
            yield from _side(side, seeds, measures)
    if not denominator:
        yield _kpi_metric(kpi, "derived", _times(scale, numerator))
        return
    params = {"numerator": {"name": numerator}, "denominator": {"name": denominator}}
    if scale == "1":
        yield _kpi_metric(kpi, "ratio", params)
        return
    quotient = f"{name}_unscaled"
    yield Metric(
        name=quotient,
        label=f"{kpi['name_en']} before its factor",
        description=f"{name} without its factor {scale}.",
        type="ratio",
        params=params,
    )
    yield _kpi_metric(kpi, "derived", _times(scale, quotient))


def _times(scale: str, metric: str) -> dict[str, Any]:
    return {"expr": f"{scale} * {metric}", "metrics": [{"name": metric}]}


def _side(side: str, seeds: Seeds, measures: dict[str, Measure]) -> Iterable[Metric]:
    """Metrics of one side of a KPI: of its measure, or of the terms and their weighted sum."""
    terms = seeds.terms_of(side)
    if not terms:
        yield _measure_metric(_measure(side, "", seeds, measures))
        return
    expr, inputs = "", []
    for term in terms:
        measure = _measure(term["measure"], term["weighted_by"], seeds, measures)
        yield _measure_metric(measure)
        inputs.append({"name": measure.name})
        expr += _term(measure.name, term["weight"], is_first=not expr)
    said = ", ".join(f"`{each['name']}`" for each in inputs)
    yield Metric(
        name=side,
        label=_words(side),
        description=f"Weighted sum of {said} (derived_measures.csv).",
        type="derived",
        params={"expr": expr, "metrics": inputs},
    )


def _term(name: str, weight: str, *, is_first: bool) -> str:
    size = weight.removeprefix("-")
    sign = "-" if weight.startswith("-") else "+"
    factor = name if float(size) == 1 else f"{size} * {name}"
    if is_first:
        return factor if sign == "+" else f"-{factor}"
    return f" {sign} {factor}"


def _measure(name: str, weighted_by: str, seeds: Seeds, measures: dict[str, Measure]) -> Measure:
    """The measure, by a setting of the brand where it is weighted by one; made at its first use."""
    full = f"{name}_by_{weighted_by}" if weighted_by else name
    if full in measures:
        return measures[full]
    view = view_of(name)
    key = view.distinct.get(name)
    own = name if view in FACTS else f"case when measure = '{name}' then amount end"
    if weighted_by and weighted_by not in view.settings:
        raise ValueError(
            f"derived_measures.csv weighs {name} by {weighted_by}, which the view {view.name} of "
            "dbt_project/semantic doesn't hold. Add the column to the view and to its settings in "
            "orchestration/semantic_facts.py."
        )
    said = seeds.rows_of(name)[0]["description"]
    measures[full] = Measure(
        name=full,
        part=name,
        view=view,
        agg="count_distinct" if key else "sum",
        expr=key or (f"{own} * {weighted_by}" if weighted_by else own),
        description=f"{said}, times the brand's {_words(weighted_by).lower()}" if weighted_by else said,
    )
    return measures[full]


def _measure_metric(measure: Measure) -> Metric:
    return Metric(
        name=measure.name,
        label=_words(measure.name),
        description=f"{measure.description}.",
        type="simple",
        params=_simple(measure),
    )


def _simple(measure: Measure) -> dict[str, Any]:
    # A side without a row beside one with rows is 0 there, as in the KPI facts.
    return {"measure": {"name": measure.name, "fill_nulls_with": 0}}


def _kpi_metric(kpi: Row, kind: str, params: Mapping[str, Any], *, is_filtered: bool = True) -> Metric:
    return Metric(
        name=kpi["kpi_id"],
        label=kpi["name_en"],
        description=_description(kpi),
        type=kind,
        params=params,
        kpi=kpi,
        is_filtered=is_filtered,
    )


def _description(kpi: Row) -> str:
    formula = kpi["formula_en"][0].upper() + kpi["formula_en"][1:]
    return f"{kpi['question_en']} {formula}. {kpi['edge_cases_en']} {kpi['question_fa']}"


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()
