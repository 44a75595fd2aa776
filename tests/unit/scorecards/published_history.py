"""A published file with the KPI values that a test names: the tables that lint and suggestion read, as published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from orchestration.workspace import Workspace, dbt_project_dir

COLUMNS = """
    brand_id varchar, kpi_id varchar, period_start date, period_end date, segment_type varchar, segment varchar,
    numerator decimal(38, 6), denominator decimal(38, 6), value double, status varchar, days_loaded bigint,
    days_expected bigint, loaded_through date
"""
MONTHS = [date(2025, month, 1) for month in range(1, 13)] + [date(2026, 1, 1)]


@dataclass(frozen=True, kw_only=True)
class Months:
    """Monthly values of a KPI up to December 2025, the newest last.

    Attributes:
        denominator: of every month.
        partial: this many days of the first month are missing.
    """

    values: Sequence[float | None]
    denominator: float | None = None
    status: str = "final"
    segment_type: str = "overall"
    segment: str = "all"
    partial: int = 0


def publish(workspace: Workspace, kpis: Mapping[str, Mapping[str, Months]]) -> None:
    """Write the published file of ``workspace``.

    Args:
        workspace: where it is written.
        kpis: months by KPI id by brand id.
    """
    path = workspace.published_file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as con:
        con.execute("create schema marts")
        con.execute("create table marts.dim_brand (brand_id varchar, name varchar, name_fa varchar)")
        seed = Path(dbt_project_dir()) / "seeds" / "kpi_catalogue.csv"
        con.execute(f"create table marts.dim_kpi as select * from read_csv('{seed}', header = true)")
        for suffix in ("daily", "weekly", "monthly", "quarterly"):
            con.execute(f"create table marts.fct_kpi_{suffix} ({COLUMNS})")
        for brand, months in kpis.items():
            con.execute("insert into marts.dim_brand values (?, ?, 'سیب')", [brand, brand.title()])
            for kpi, series in months.items():
                _insert(con, brand, kpi, series)


def _insert(con: duckdb.DuckDBPyConnection, brand: str, kpi: str, series: Months) -> None:
    starts = MONTHS[-1 - len(series.values) : -1]
    for position, (start, value) in enumerate(zip(starts, series.values, strict=True)):
        end = MONTHS[MONTHS.index(start) + 1]
        days = (end - start).days
        missing = series.partial if position == 0 else 0
        con.execute(
            "insert into marts.fct_kpi_monthly values (?, ?, ?, ?, ?, ?, null, ?, ?, ?, ?, ?, ?)",
            [
                brand,
                kpi,
                start,
                end,
                series.segment_type,
                series.segment,
                series.denominator,
                value,
                series.status,
                days - missing,
                days,
                end - timedelta(days=1),
            ],
        )
