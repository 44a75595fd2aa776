"""What the published file knows of the KPIs that a plan names: which are measured, and their final values.

Only whole, final periods count, so that two runs over the same data say the same. Where nothing is published,
or a brand isn't in it yet, nothing is known, and the rules that ask say nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from statistics import median
from typing import NamedTuple

import duckdb

from orchestration.errors import WorkspaceError
from orchestration.period_text import fact_of
from orchestration.published_reader import published_connection
from orchestration.scorecards.model import OVERALL
from orchestration.workspace import Workspace

ENOUGH = 4
"""Final periods from which on a history says what is usual."""


class Scope(NamedTuple):
    """What a scorecard or key result looks at: a grain of a brand, whole or one segment of it."""

    brand: str
    grain: str
    segment_type: str = OVERALL[0]
    segment: str = OVERALL[1]


@dataclass(frozen=True, kw_only=True)
class Series:
    """Whole, final periods of one KPI, the oldest first.

    Attributes:
        starts: first days of the periods.
        values: one per period.
        denominators: likewise; None for plain counts and sums.
    """

    starts: tuple[date, ...]
    values: tuple[float, ...]
    denominators: tuple[float | None, ...]

    @property
    def is_long_enough(self) -> bool:
        """Whether it says what is usual."""
        return len(self.values) >= ENOUGH

    def newest(self, count: int) -> Series:
        """The last ``count`` periods."""
        return Series(
            starts=self.starts[-count:],
            values=self.values[-count:],
            denominators=self.denominators[-count:],
        )


def quantile(values: Collection[float], share: float) -> float:
    """Linear interpolation between the sorted values; ``share`` from 0 to 1."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def usual_step(values: Collection[float]) -> float:
    """Median of the rises from one period to the next; 0 without one."""
    ordered = list(values)
    rises = [after - before for before, after in pairwise(ordered) if after > before]
    return median(rises) if rises else 0.0


@dataclass(frozen=True, kw_only=True)
class History:
    """What was published.

    Attributes:
        brands: brands of the published file.
        measured: KPI ids that have any value, by scope.
        series: by scope and KPI id.
        next_start: first day of the period after the one that runs, by brand and grain.
    """

    brands: frozenset[str] = frozenset()
    measured: Mapping[Scope, frozenset[str]] = field(default_factory=dict)
    series: Mapping[tuple[Scope, str], Series] = field(default_factory=dict)
    next_start: Mapping[tuple[str, str], date] = field(default_factory=dict)

    def of(self, scope: Scope, kpi_id: str) -> Series | None:
        """The final values of a KPI; None where there is none."""
        return self.series.get((scope, kpi_id))


def known_history(workspace: Workspace, scopes: Collection[Scope]) -> History:
    """As :func:`read_history`; empty where nothing is published or the file is of another version."""
    try:
        return read_history(workspace, scopes)
    except WorkspaceError:
        return History()


def read_history(workspace: Workspace, scopes: Collection[Scope]) -> History:
    """What the published file knows of ``scopes``.

    Raises:
        WorkspaceError: nothing is published, or the file can't be read.
    """
    with published_connection(workspace) as con:
        found = con.execute("select brand_id from marts.dim_brand").fetchall()
        brands = frozenset(str(brand) for (brand,) in found)
        measured: dict[Scope, set[str]] = {scope: set() for scope in scopes if scope.brand in brands}
        rows: dict[tuple[Scope, str], list[tuple[date, float, float | None]]] = {}
        for scope in sorted(measured):
            for kpi_id, start, value, denominator, is_final in _values(con, scope):
                measured[scope].add(kpi_id)
                if is_final:
                    rows.setdefault((scope, kpi_id), []).append((start, value, denominator))
        ends = {
            (scope.brand, scope.grain): end
            for scope in measured
            if (end := _running_end(con, scope)) is not None
        }
    return History(
        brands=brands,
        measured={scope: frozenset(kpis) for scope, kpis in measured.items()},
        series={key: _series(periods) for key, periods in rows.items()},
        next_start=ends,
    )


def _values(
    con: duckdb.DuckDBPyConnection, scope: Scope
) -> list[tuple[str, date, float, float | None, bool]]:
    """Every value of a scope, in order of time; a sum of an incomplete period is not final."""
    query = f"""
        select
            kpi.kpi_id,
            kpi.period_start,
            kpi.value,
            cast(kpi.denominator as double),
            kpi.status = 'final'
            and kpi.loaded_through >= kpi.period_end - 1
            and (catalogue.additivity <> 'additive' or kpi.days_loaded >= kpi.period_end - kpi.period_start)
        from {fact_of(scope.grain)} as kpi
        join marts.dim_kpi as catalogue using (kpi_id)
        where kpi.brand_id = ? and kpi.segment_type = ? and kpi.segment = ? and kpi.value is not null
        order by kpi.kpi_id, kpi.period_start
    """
    return con.execute(query, [scope.brand, scope.segment_type, scope.segment]).fetchall()


def _running_end(con: duckdb.DuckDBPyConnection, scope: Scope) -> date | None:
    found = con.execute(
        f"select max(period_end) from {fact_of(scope.grain)} where brand_id = ?", [scope.brand]
    ).fetchone()
    end: date | None = found[0] if found else None
    return end


def _series(periods: list[tuple[date, float, float | None]]) -> Series:
    starts, values, denominators = zip(*periods, strict=True)
    return Series(starts=starts, values=values, denominators=denominators)
