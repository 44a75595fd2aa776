"""Values of the KPI facts beside those that MetricFlow computes, cell by cell.

Compared are the cells (brand, KPI, grain, period) that have a value and whose every day is loaded: MetricFlow
doesn't know which days are. Breakdowns by source, channel, campaign and ad platform are compared by month.
"""

from __future__ import annotations

import datetime
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import duckdb

from orchestration.kpi_dictionary import Seeds
from orchestration.semantic_facts import view_of
from orchestration.semantic_metrics import catalogue
from tests.semantic.metricflow import MetricFlow

FACTS = {"day": "daily", "week": "weekly", "month": "monthly", "quarter": "quarterly"}
RELATIVE = 1e-12
"""How far a weighted sum may differ: the KPI facts round it to 6 digits before they divide."""
BREAKDOWNS = {
    "platform": "ad_day__platform",
    "source": "source",
    "channel": "channel",
    "campaign": "campaign",
}
"""What MetricFlow calls a breakdown of the KPI facts, by its segment type."""
BREAKDOWN_GRAIN = "month"


@dataclass(frozen=True, order=True)
class Cell:
    """One number of the KPI facts."""

    kpi: str
    grain: str
    brand: str
    period: str
    segment_type: str
    segment: str


@dataclass(frozen=True)
class Cut:
    """Metrics that are asked for together: overall, or by a breakdown that all of them have."""

    segment_type: str
    item: str | None
    metrics: Sequence[str]
    grains: Sequence[str]


@dataclass
class Outcome:
    """Cells compared by KPI and grain, and one line per cell that differs."""

    identical: Counter[tuple[str, str]] = field(default_factory=Counter)
    close: Counter[tuple[str, str]] = field(default_factory=Counter)
    differing: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def compared(self) -> int:
        """Cells of both."""
        return self.identical.total() + self.close.total() + self.differences

    @property
    def differences(self) -> int:
        """Cells that differ."""
        return sum(map(len, self.differing.values()))


@dataclass(frozen=True)
class Plan:
    """What is asked, and which KPIs are weighted sums that the KPI facts round."""

    cuts: Sequence[Cut]
    weighted: frozenset[str]

    @classmethod
    def read(cls) -> Plan:
        """From the seeds: all KPIs that MetricFlow is told of; breakdowns by month only.

        A KPI that is never added over sources has no overall value and is compared per platform at every grain.
        """
        seeds = Seeds.read()
        parts = {
            metric.name: seeds.measures_of(metric.kpi) for metric in catalogue(seeds).metrics if metric.kpi
        }
        never = {
            kpi
            for kpi, names in parts.items()
            if any(row["overall_rule"] == "never" for name in names for row in seeds.rows_of(name))
        }
        cuts = [
            Cut("overall", None, [kpi for kpi in parts if kpi not in never], list(FACTS)),
            Cut("platform", BREAKDOWNS["platform"], sorted(never), list(FACTS)),
        ]
        for segment_type, item in BREAKDOWNS.items():
            metrics = [kpi for kpi, names in parts.items() if kpi not in never and _have(names, segment_type)]
            cuts.append(Cut(segment_type, item, metrics, [BREAKDOWN_GRAIN]))
        weighted = {kpi for kpi in parts if any(term["weighted_by"] for term in _terms(kpi, seeds))}
        return cls(cuts, frozenset(weighted))


def _terms(name: str, seeds: Seeds) -> Sequence[Mapping[str, str]]:
    kpi = next(row for row in seeds.kpis if row["kpi_id"] == name)
    return seeds.terms_of(kpi["numerator_measure"])


def _have(parts: Sequence[str], segment_type: str) -> bool:
    """All views of the parts can be cut by it; platforms are those of ads."""
    views = [view_of(part) for part in parts]
    if segment_type == "platform":
        return all(view.name == "ad_performance" for view in views)
    return all(segment_type in view.shared for view in views)


def compare(flow: MetricFlow, *, grains: Iterable[str] = FACTS, plan: Plan | None = None) -> Outcome:
    """Ask MetricFlow for every metric at every grain of the file's brands and compare."""
    asked = plan or Plan.read()
    outcome = Outcome()
    for grain in grains:
        for granularity, brands in sorted(granularities(flow.published, grain).items()):
            for cut in (cut for cut in asked.cuts if grain in cut.grains):
                expected = published(flow.published, grain, brands, cut)
                found = _answers(flow, grain, granularity, expected, cut)
                for cell, value in sorted(expected.items()):
                    _compare(outcome, cell, value, found.get(cell), is_weighted=cell.kpi in asked.weighted)
    return outcome


def granularities(file: Path, grain: str) -> dict[str, list[str]]:
    """What MetricFlow calls the grain of each brand's calendar: brands by granularity.

    Quarters of a fiscal year that starts within a quarter are of no granularity.
    """
    found: dict[str, list[str]] = defaultdict(list)
    with duckdb.connect(str(file), read_only=True) as connection:
        brands = connection.execute(
            "select brand_id, calendar, week_start, fiscal_year_start from marts.dim_brand"
        ).fetchall()
    for brand, calendar, week_start, fiscal_start in brands:
        name = _granularity(grain, calendar, week_start, fiscal_start)
        if name:
            found[name].append(brand)
    return found


def _granularity(grain: str, calendar: str, week_start: str, fiscal_start: int) -> str | None:
    match grain:
        case "day":
            return "day"
        case "week":
            return {"monday": "week", "saturday": "saturday_week", "sunday": "sunday_week"}.get(week_start)
        case "quarter" if fiscal_start % 3 != 1:
            return None
    return grain if calendar == "gregorian" else f"{calendar}_{grain}"


def published(file: Path, grain: str, brands: Sequence[str], cut: Cut) -> dict[Cell, float | Decimal]:
    """Comparable cells; exact numerators of counts and sums, doubles of quotients.

    Breakdowns of attributed orders are left out (their basis names the rule): a fact's own campaign is another.
    """
    query = f"""
        select kpi_id, brand_id, period_start::varchar, segment,
            numerator * scale, denominator_measure is null, value
        from marts.fct_kpi_{FACTS[grain]} as facts inner join marts.dim_kpi using (kpi_id)
        where value is not null
            and days_loaded = days_expected and days_expected = date_diff('day', period_start, period_end)
            and facts.basis is not distinct from dim_kpi.basis
            and list_contains($brands, brand_id)
            and list_contains($metrics, kpi_id)
            and segment_type = $segment_type
    """
    asked = {"brands": brands, "metrics": cut.metrics, "segment_type": cut.segment_type}
    with duckdb.connect(str(file), read_only=True) as connection:
        rows = connection.execute(query, asked).fetchall()
    return {
        Cell(kpi, grain, brand, period, cut.segment_type, segment): amount if is_sum else value
        for kpi, brand, period, segment, amount, is_sum, value in rows
    }


def _answers(
    flow: MetricFlow, grain: str, granularity: str, expected: Mapping[Cell, object], cut: Cut
) -> dict[Cell, str]:
    metrics = sorted({cell.kpi for cell in expected})
    if not metrics:
        return {}
    time = f"metric_time__{granularity}"
    found: dict[Cell, str] = {}
    for row in flow.ask(metrics, by=[time, "brand", *([cut.item] if cut.item else [])]):
        period = datetime.datetime.fromisoformat(row[time]).date().isoformat()
        segment = row[cut.item] if cut.item else "all"
        for name in metrics:
            found[Cell(name, grain, row["brand"], period, cut.segment_type, segment)] = row[name]
    return found


def _compare(
    outcome: Outcome, cell: Cell, expected: float | Decimal, said: str | None, *, is_weighted: bool
) -> None:
    key = (cell.kpi, cell.grain)
    # A loaded period without a row of any fact is 0, and absent from the answer.
    found = _number(said or "0", exact=isinstance(expected, Decimal))
    if found == expected:
        outcome.identical[key] += 1
    elif is_weighted and math.isclose(found, expected, rel_tol=RELATIVE, abs_tol=0.0):
        outcome.close[key] += 1
    else:
        where = f"{cell.brand} {cell.kpi} {cell.grain} {cell.period} {cell.segment_type}={cell.segment}"
        outcome.differing[key].append(f"{where}: published {expected}, MetricFlow {said or 'nothing'}")


def _number(text: str, *, exact: bool) -> float | Decimal:
    return Decimal(text) if exact else float(text)


def table(outcome: Outcome) -> Iterator[str]:
    """One line per KPI with the cells compared at each grain, after it those that differ."""
    kpis = dict.fromkeys(kpi for kpi, _ in (*outcome.identical, *outcome.close, *outcome.differing))
    yield f"{'KPI':34}" + "".join(f"{grain:>9}" for grain in FACTS) + f"{'rounded':>9}{'differ':>8}"
    for kpi in sorted(kpis):
        of_grains = [_cells(outcome, kpi, grain) for grain in FACTS]
        close = sum(outcome.close[kpi, grain] for grain in FACTS)
        different = sum(len(outcome.differing.get((kpi, grain), [])) for grain in FACTS)
        yield f"{kpi:34}" + "".join(f"{count:9,}" for count in of_grains) + f"{close:9,}{different:8,}"
    for lines in outcome.differing.values():
        yield from lines


def _cells(outcome: Outcome, kpi: str, grain: str) -> int:
    key = (kpi, grain)
    return outcome.identical[key] + outcome.close[key] + len(outcome.differing.get(key, []))
