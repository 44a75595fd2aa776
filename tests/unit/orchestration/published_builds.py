"""Small finished builds to publish: the KPI tables of schema marts with the rows a test names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb

from orchestration.control_tables import create_control_tables
from orchestration.ledger import GRAINS
from orchestration.publish import PublishResult, RollbackResult, publish, rollback
from orchestration.run_lock import run_lock
from orchestration.run_state import Build, mark_building, mark_built, start_run
from orchestration.settings import PublishSettings
from orchestration.workspace import Workspace

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
KPI_COLUMNS = """
    brand_id varchar, kpi_id varchar, period_start date, period_end date, segment_type varchar, segment varchar,
    numerator decimal(38, 6), denominator decimal(38, 6), value double, currency_code varchar, status varchar,
    days_loaded bigint, loaded_through date, built_at timestamp
"""


@dataclass(frozen=True, kw_only=True)
class Value:
    """One row of fct_kpi_monthly."""

    value: float | None
    kpi: str = "sessions"
    month: date = date(2026, 1, 1)
    loaded_through: date = date(2026, 1, 9)


@dataclass(frozen=True, kw_only=True)
class Slice:
    """One row of control.slices, of brand acme."""

    source: str
    key: str
    content: str = "as landed"
    connector: str = "ga4"
    stream: str = "totals"
    days: tuple[date | None, date | None] = (date(2026, 1, 1), date(2026, 1, 10))
    load_id: int = 1


@dataclass(frozen=True, kw_only=True)
class Input:
    """One row of dim_kpi_inputs, of brand acme."""

    source: str
    kpi: str = "sessions"
    connector: str = "ga4"
    stream: str = "totals"
    unit: str = "count"
    is_dated: bool = True


@dataclass
class Publisher:
    """A workspace whose builds are made by hand; every step is an hour later than the one before."""

    workspace: Workspace
    settings: PublishSettings = field(default_factory=PublishSettings)
    steps: int = 0

    def now(self) -> datetime:
        self.steps += 1
        return NOON + timedelta(hours=self.steps)

    def build(
        self,
        values: Iterable[Value],
        *,
        fingerprint: str = "settings 1",
        inputs: str = "slices 1",
        slices: Iterable[Slice] = (),
        kpi_inputs: Iterable[Input] = (),
        kind: str = "run",
    ) -> None:
        now = self.now()
        run_id = f"run-{self.steps}"
        with run_lock(self.workspace, run_id=run_id, started_at=now):
            run = start_run(self.workspace, run_id=run_id, started_at=now, kind=kind)
            build = Build(
                run_id=run_id,
                load_id=run.load_id,
                as_of=now,
                fingerprint=fingerprint,
                inputs_hash=inputs,
                git_revision="abc",
            )
            mark_building(self.workspace, build, anew=True)
            write_build(self.workspace.build_db, values, built_at=now)
            write_inputs(self.workspace.build_db, slices, kpi_inputs)
            mark_built(self.workspace, run_id=run_id)

    def publish(self, *, release_hold: bool = False) -> PublishResult:
        now = self.now()
        with run_lock(self.workspace, run_id="publishing", started_at=now):
            return publish(self.workspace, self.settings, published_at=now, release_hold=release_hold)

    def rollback(self, version: int | None = None) -> RollbackResult:
        now = self.now()
        with run_lock(self.workspace, run_id="rolling back", started_at=now):
            return rollback(self.workspace, rolled_back_at=now, version=version)

    def read(self, sql: str) -> list[tuple[object, ...]]:
        with duckdb.connect(str(self.workspace.published_file), read_only=True) as con:
            return con.execute(sql).fetchall()

    def history(self, kpi: str = "sessions") -> list[tuple[object, ...]]:
        """(value, version, reason, is open) of a KPI's rows in order of time."""
        return self.read(
            "select value, version, reason, valid_to is null from marts.fct_kpi_history "
            f"where kpi_id = '{kpi}' order by period_start, valid_from"
        )


def write_build(path: Path, values: Iterable[Value], *, built_at: datetime) -> None:
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as con:
        create_control_tables(con)
        con.execute("create schema marts")
        for suffix in GRAINS.values():
            con.execute(f"create table marts.fct_kpi_{suffix} ({KPI_COLUMNS})")
        for row in values:
            con.execute(
                "insert into marts.fct_kpi_monthly values "
                "('acme', ?, ?, ?, 'overall', 'all', ?, null, ?, null, 'final', 9, ?, ?)",
                [
                    row.kpi,
                    row.month,
                    row.month + timedelta(days=31),
                    row.value,
                    row.value,
                    row.loaded_through,
                    built_at.replace(tzinfo=None),
                ],
            )
        con.execute("create table marts.fct_order_lines as select 'acme' as brand_id, 1 as line_number")


def write_inputs(path: Path, slices: Iterable[Slice], inputs: Iterable[Input]) -> None:
    with duckdb.connect(str(path)) as con:
        for part in slices:
            con.execute(
                "insert into control.slices values (?, ?, ?, 'acme', ?, ?, ?, 1, ?, ?, now()::timestamp)",
                [part.connector, part.stream, part.source, part.key, *part.days, part.content, part.load_id],
            )
        con.execute(
            "create table marts.dim_kpi_inputs (brand_id varchar, kpi_id varchar, source_id varchar, "
            "connector varchar, stream varchar, unit varchar, is_dated boolean)"
        )
        for each in inputs:
            con.execute(
                "insert into marts.dim_kpi_inputs values ('acme', ?, ?, ?, ?, ?, ?)",
                [each.kpi, each.source, each.connector, each.stream, each.unit, each.is_dated],
            )
