"""Values of the KPI facts beside those that MetricFlow computes, cell by cell.

Compared are the cells (brand, KPI, grain, period) that have a value and whose every day is loaded: MetricFlow
doesn't know which days are. A KPI whose measures are never added over sources is compared per ad platform.
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
from orchestration.semantic_metrics import catalogue
from tests.semantic.metricflow import MetricFlow

FACTS = {"day": "daily", "week": "weekly", "month": "monthly", "quarter": "quarterly"}
RELATIVE = 1e-12
"""How far a weighted sum may differ: the KPI facts round it to 6 digits before they divide."""
PLATFORM = "ad_day__platform"


@dataclass(frozen=True, order=True)
class Cell:
    """One number of the KPI facts."""

    kpi: str
    grain: str
    brand: str
    period: str
    segment: str


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
    """What is asked: which metrics, and which of them per platform."""

    overall: Sequence[str]
    per_platform: Sequence[str]
    weighted: frozenset[str]

    @classmethod
    def read(cls) -> Plan:
        """From the seeds: all KPIs that MetricFlow is told of."""
        seeds = Seeds.read()
        kpis = [metric.kpi for metric in catalogue(seeds).metrics if metric.kpi]
        parts = {
            kpi["kpi_id"]: [
                part
                for side in (kpi["numerator_measure"], kpi["denominator_measure"])
                for part in seeds.parts_of(side)
                if side
            ]
            for kpi in kpis
        }
        never = {
            kpi
            for kpi, names in parts.items()
            if any(row["overall_rule"] == "never" for name in names for row in seeds.rows_of(name))
        }
        weighted = {
            kpi["kpi_id"]
            for kpi in kpis
            if any(term["weighted_by"] for term in seeds.terms_of(kpi["numerator_measure"]))
        }
        return cls([kpi for kpi in parts if kpi not in never], sorted(never), frozenset(weighted))


def compare(flow: MetricFlow, *, grains: Iterable[str] = FACTS, plan: Plan | None = None) -> Outcome:
    """Ask MetricFlow for every metric at every grain of the file's brands and compare."""
    asked = plan or Plan.read()
    outcome = Outcome()
    for grain in grains:
        for granularity, brands in sorted(granularities(flow.published, grain).items()):
            expected = published(flow.published, grain, brands, asked)
            found = _answers(flow, grain, granularity, expected, asked)
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


def published(file: Path, grain: str, brands: Sequence[str], plan: Plan) -> dict[Cell, float | Decimal]:
    """Comparable cells; exact numerators of counts and sums, doubles of quotients."""
    query = f"""
        select kpi_id, brand_id, period_start::varchar, segment,
            numerator * scale, denominator_measure is null, value
        from marts.fct_kpi_{FACTS[grain]} inner join marts.dim_kpi using (kpi_id)
        where value is not null
            and days_loaded = days_expected and days_expected = date_diff('day', period_start, period_end)
            and list_contains($brands, brand_id)
            and (
                (list_contains($overall, kpi_id) and segment_type = 'overall')
                or (list_contains($per_platform, kpi_id) and segment_type = 'platform')
            )
    """
    asked = {"brands": brands, "overall": plan.overall, "per_platform": plan.per_platform}
    with duckdb.connect(str(file), read_only=True) as connection:
        rows = connection.execute(query, asked).fetchall()
    return {
        Cell(kpi, grain, brand, period, segment): amount if is_sum else value
        for kpi, brand, period, segment, amount, is_sum, value in rows
    }


def _answers(
    flow: MetricFlow, grain: str, granularity: str, expected: Mapping[Cell, object], plan: Plan
) -> dict[Cell, str]:
    found: dict[Cell, str] = {}
    present = {cell.kpi for cell in expected}
    for names, segment in ((plan.overall, None), (plan.per_platform, PLATFORM)):
        metrics = [name for name in names if name in present]
        if not metrics:
            continue
        time = f"metric_time__{granularity}"
        for row in flow.ask(metrics, by=[time, "brand", *([segment] if segment else [])]):
            period = datetime.datetime.fromisoformat(row[time]).date().isoformat()
            for name in metrics:
                key = Cell(name, grain, row["brand"], period, row[segment] if segment else "all")
                found[key] = row[name]
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
        where = f"{cell.brand} {cell.kpi} {cell.grain} {cell.period} {cell.segment}"
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
