"""A warehouse in memory: the compiled models, built from real settings and a raw zone, again and again.

Settings go through ``sanjeh.yml`` and the writers of the control tables, so that models see what a run would tell
them. Models that read only seeds and calendar are built once; families that an example has no source of are
empty by construction (a build on empty inputs says so) and are left out of its builds.
"""

from __future__ import annotations

import atexit
import re
import shutil
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import duckdb
import yaml

from connectors.calendar.make import CalendarKey, day_rows, period_rows
from connectors.calendar.streams import DAYS, PERIODS
from connectors.core.manifest import Manifest
from connectors.core.raw_zone import RawZone
from connectors.core.sql import identifier, literals
from connectors.core.views import view_sql
from connectors.registry import STREAMS
from orchestration.control import CALENDAR, write_control
from orchestration.control_rows import control_rows
from orchestration.run_state import Build, State
from orchestration.settings import Settings, load_settings
from orchestration.workspace import Workspace
from tests.properties.compiling import CATALOG, SLICES_MARK, Model, compiled_project
from tests.properties.zone import MemoryZone, write_rows

RUN_COLUMNS = frozenset({"built_at", "loaded_at", "last_loaded_at", "last_success_at", "load_id", "run_id"})
"""Columns that tell when a row was made, not what it says."""
EMPTY_SETTINGS: Mapping[str, Any] = {
    "project": {"name": "Empty", "currency": "EUR"},
    "brands": {"acme": {"name": "Acme"}},
}


def settings_of(entries: Mapping[str, Any]) -> Settings:
    """The settings that a ``sanjeh.yml`` with ``entries`` gives."""
    return _settings(yaml.safe_dump(dict(entries), allow_unicode=True, sort_keys=False))


@cache
def _scratch() -> Path:
    folder = Path(mkdtemp(prefix="sanjeh-properties-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def _settings(text: str) -> Settings:
    home = _scratch() / "settings"
    home.mkdir(exist_ok=True)
    (home / "sanjeh.yml").write_text(text, encoding="utf-8")
    return load_settings(Workspace(home))


class World:
    """One warehouse.

    Args:
        targets: models to build, with everything they read.
        families: of the measures that the examples feed; the others' are empty.
        first: first day of the calendar. last: its last day.
        calendar_keys: calendars that brands may have.
        on_disk: examples land in a raw zone on disk, not in a ``MemoryZone``.
    """

    def __init__(
        self,
        targets: Sequence[str],
        *,
        families: Collection[str],
        first: date,
        last: date,
        calendar_keys: Iterable[str] = ("gregorian-monday-1",),
        on_disk: bool = False,
    ) -> None:
        self.con = duckdb.connect(config={"threads": 1})
        self.con.execute("set TimeZone = 'UTC'")
        self.con.execute(f"attach ':memory:' as {CATALOG}")
        self.con.execute(f"use {CATALOG}")
        self.targets = tuple(targets)
        self._on_disk = on_disk
        self._filled: set[str] = set()
        self._seed_and_date(first, last, list(calendar_keys))
        project = compiled_project()
        by_name = {model.name: model for model in project.models}
        needed = _ancestors([by_name[name] for name in targets], project.models)
        self._create_schemas(project.models)
        self._write_inputs(
            settings_of(EMPTY_SETTINGS),
            _NoZone(),
            as_of=datetime.combine(last, datetime.min.time(), UTC),
            load_id=1,
            built_through=0,
        )
        left_out = {
            model.name
            for model in needed
            if model.name.startswith("int_measures_") and model.name.rpartition("__")[2] not in families
        }
        for model in needed:
            self._make(model, is_incremental=False)
        for name in sorted(left_out):
            ((rows,),) = self.con.execute(f"select count(*) from {by_name[name].relation}").fetchall()
            assert rows == 0, f"{name} has rows though nothing landed"
        kept = _ancestors([by_name[name] for name in targets], project.models, without=left_out)
        moving = {source for source in _sources(needed) if ".raw.calendar__" not in source}
        self.models: list[Model] = []
        for model in kept:
            if model.name not in left_out and any(need in moving for need in model.needs):
                self.models.append(model)
                moving.add(model.unique_id)

    def build(
        self,
        settings: Settings,
        zone: RawZone,
        *,
        as_of: datetime,
        load_id: int,
        built_through: int = 0,
        choose: Callable[[duckdb.DuckDBPyConnection, Sequence[Manifest]], Collection[str]] | None = None,
    ) -> None:
        """Build the targets; incremental models keep what they hold where ``built_through`` isn't 0.

        Args:
            settings: of the workspace.
            zone: what landed.
            as_of: the run's clock.
            load_id: of the run.
            built_through: newest load that the tables hold already; 0 builds them anew.
            choose: says the unique ids of what is to be built, by the control tables and the manifests.
        """
        manifests = self._write_inputs(
            settings, zone, as_of=as_of, load_id=load_id, built_through=built_through
        )
        chosen = None if choose is None else choose(self.con, manifests)
        for model in self.models:
            if chosen is None or model.unique_id in chosen:
                self._make(model, is_incremental=built_through > 0)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query on the models, which are named as ``marts.fct_orders``."""
        return self.con.execute(sql).fetchall()

    def content(self, model: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Columns and sorted rows of a model, but for the columns that tell about the run."""
        relation = next(m.relation for m in compiled_project().models if m.name == model)
        names = [name for name, *_ in self.con.execute(f"describe {relation}").fetchall()]
        names = [name for name in names if name not in RUN_COLUMNS]
        listed = ", ".join(identifier(name) for name in names)
        return names, self.con.execute(f"select {listed} from {relation} order by all").fetchall()

    def _make(self, model: Model, *, is_incremental: bool) -> None:
        if model.materialized == "ephemeral":
            return
        if is_incremental and model.incremental_sql is not None:
            self._increment(model, model.incremental_sql)
            return
        self._run(model, f"create or replace table {model.relation} as {model.full_sql}")

    def _increment(self, model: Model, sql: str) -> None:
        for word in set(re.findall(f"'{SLICES_MARK}([^']+)'", sql)):
            connector, _, stream = word.partition("/")
            slices = self.con.execute(
                "select distinct slice from control.changed_slices "
                "where connector = ? and stream = ? and change = 'upserted'",
                [connector, stream],
            ).fetchall()
            listed = literals([key for (key,) in slices] or [""]).strip("[]")
            sql = sql.replace(f"'{SLICES_MARK}{word}'", listed)
        for hook in model.hooks:
            self._run(model, hook)
        self._run(model, f"create or replace temp table newer as {sql}")
        names = ", ".join(identifier(row[0]) for row in self.con.execute("describe newer").fetchall())
        if model.strategy == "delete+insert":
            on = " and ".join(f"held.{key} is not distinct from newer.{key}" for key in model.unique_key)
            self._run(model, f"delete from {model.relation} as held using newer where {on}")
        else:
            assert model.strategy == "append", f"{model.name}: strategy {model.strategy} is unknown here"
        self._run(model, f"insert into {model.relation} ({names}) select {names} from newer")

    def _run(self, model: Model, sql: str) -> None:
        try:
            self.con.execute(sql)
        except duckdb.Error as error:
            raise AssertionError(f"model {model.name} fails: {error}") from error

    def _write_inputs(
        self, settings: Settings, zone: RawZone, *, as_of: datetime, load_id: int, built_through: int
    ) -> list[Manifest]:
        manifests = [
            zone.manifest(stream, source.source_id)
            for source in settings.sources.values()
            for stream in source.streams
        ]
        tables = control_rows(
            settings,
            State(customer_salt="salt"),
            manifests,
            build=Build(
                run_id="run", load_id=load_id, as_of=as_of, fingerprint="", inputs_hash="", git_revision=""
            ),
            built_at=as_of,
            built_through=built_through,
            is_full_refresh=built_through == 0,
        )
        if isinstance(zone, MemoryZone):
            zone.filled = self._filled
        write_control(self.con, tables, _WithoutCalendar(zone), sources=settings.sources.keys())
        return manifests

    def _seed_and_date(self, first: date, last: date, keys: Sequence[str]) -> None:
        project = compiled_project()
        self.con.execute(f"attach '{project.seeds}' as seeded (read_only)")
        self.con.execute("create schema seeds")
        for (table,) in self.con.execute(
            "select table_name from duckdb_tables() where database_name = 'seeded' and schema_name = 'seeds'"
        ).fetchall():
            self.con.execute(f"create table seeds.{table} as select * from seeded.seeds.{table}")
        self.con.execute("detach seeded")
        self.con.execute("create schema raw")
        for stream in STREAMS.values():
            if self._on_disk and stream.connector != CALENDAR:
                self.con.execute(view_sql(stream, []))
            else:
                write_rows(self.con, f"raw.{stream.view}", stream.landed_columns, [])
        days = [dict(zip([c.name for c in DAYS.columns], row, strict=True)) for row in day_rows()]
        write_rows(
            self.con,
            f"raw.{DAYS.view}",
            DAYS.landed_columns,
            [row for row in days if first <= row["date"] <= last],
        )
        names = [column.name for column in PERIODS.columns]
        periods = [
            dict(zip(names, row, strict=True)) for key in keys for row in period_rows(CalendarKey.parse(key))
        ]
        write_rows(
            self.con,
            f"raw.{PERIODS.view}",
            PERIODS.landed_columns,
            [row for row in periods if row["period_end"] > first and row["period_start"] <= last],
        )

    def _create_schemas(self, models: Iterable[Model]) -> None:
        for schema in sorted({model.schema for model in models}):
            self.con.execute(f"create schema if not exists {identifier(schema)}")


@cache
def two_worlds(
    targets: tuple[str, ...], *, family: str, last: date = date(2026, 7, 1)
) -> tuple[World, World]:
    """Worlds on disk of the same models from April 2026: one to refresh, one to build in full beside it."""
    one, other = (
        World(targets, families={family}, first=date(2026, 4, 1), last=last, on_disk=True) for _ in range(2)
    )
    return one, other


class _NoZone(RawZone):
    def __init__(self) -> None:
        pass

    def create_views(self, con: Any, streams: Any, *, sources: Any = None) -> None:
        """Nothing landed."""


class _WithoutCalendar(RawZone):
    """The calendar of a world is made once, from Python."""

    def __init__(self, zone: RawZone) -> None:
        self._zone = zone

    def create_views(self, con: Any, streams: Any, *, sources: Any = None) -> None:
        """Views of everything else."""
        self._zone.create_views(con, [s for s in streams if s.connector != CALENDAR], sources=sources)


def _ancestors(
    targets: Iterable[Model], models: Sequence[Model], *, without: Collection[str] = ()
) -> list[Model]:
    """``targets`` and every model they read, in the order to build them; not through models ``without``."""
    wanted = {model.unique_id for model in targets}
    for model in reversed(models):
        if model.unique_id in wanted and model.name not in without:
            wanted.update(model.needs)
    return [model for model in models if model.unique_id in wanted]


def _sources(models: Iterable[Model]) -> set[str]:
    return {need for model in models for need in model.needs if need.startswith("source.")}
