"""Two brands with the same facts, one by files and one by APIs, landed and built without a vendor.

The API brand lands through the core's own feeds, in two runs, from records that stand here; the file brand
lands what an analyst would have exported. Brand ``by_api`` must count exactly like brand ``by_file``.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from connectors.calendar.make import CalendarKey, land_calendar
from connectors.core.api import Account, BrandFacts, Period
from connectors.core.api_config import ApiConfig
from connectors.core.api_source import ApiConnector, ApiSource
from connectors.core.feed import Batch, EntityFeed, Feed, PeriodFeed, ReportFeed
from connectors.core.pii import Pseudonymiser
from connectors.core.raw_zone import RawZone, Replaces
from connectors.core.stream import Stream
from connectors.core.window import DateWindow
from connectors.registry import STREAMS
from orchestration.control import write_control
from orchestration.control_rows import Row, control_rows
from orchestration.dbt_runtime import dbt_environment, dbt_executable, failed_nodes
from orchestration.run_lock import run_lock
from orchestration.run_state import Build, read_state, start_run
from orchestration.settings import Settings, load_settings
from orchestration.workspace import Workspace, dbt_project_dir
from tests.integration import api_twins_answers, api_twins_exports
from tests.integration.api_twins_answers import API_REPORTS, API_RUNS, PERIODS, Rows
from tests.integration.api_twins_exports import EXPORTS

START = date(2026, 9, 1)
RUNS = (datetime(2026, 10, 15, 12, tzinfo=UTC), datetime(2026, 11, 5, 12, tzinfo=UTC))
AS_OF = datetime(2027, 3, 1, 12, tzinfo=UTC)
EXPECT_UNTIL = date(2026, 10, 31)
FLAGS = {"staff": ("*@staff.example",)}
SETTINGS = """\
project: {name: Twins, timezone: Asia/Tehran, currency: EUR}
brands:
  by_api: {name: By API, search_terms: [acme]}
  by_file: {name: By file, search_terms: [acme]}
"""
VERSIONS = {
    "hubspot/contacts": "lastmodifieddate",
    "hubspot/deals": "hs_lastmodifieddate",
}
BESIDE = {"hubspot/contacts": "hubspot/merges"}


class Records:
    """A client that has its answers already."""

    def __init__(self, records: Mapping[str, Rows]) -> None:
        self.records = records

    def account(self) -> Account:
        """Nobody."""
        return Account(identity="records", permission="read", timezone="Asia/Tehran")

    def close(self) -> None:
        """Nothing is open."""


def _entities(stream: Stream) -> EntityFeed:
    beside = STREAMS[BESIDE[stream.id]] if stream.id in BESIDE else None

    def read(client: Records, _: datetime | None) -> Iterator[Batch]:
        yield Batch.of_rows(stream, client.records.get(stream.id, []))
        if beside:
            yield Batch.of_rows(beside, client.records.get(beside.id, []))

    return EntityFeed(
        stream=stream,
        read=read,
        version=VERSIONS.get(stream.id),
        relist_after=timedelta(days=1),
        beside=(beside,) if beside else (),
    )


def _report(stream: Stream) -> ReportFeed:
    quality = STREAMS["quality/report_days"]

    def read(client: Records, window: DateWindow) -> Iterator[Batch]:
        for each, day in ((stream, stream.cursor or ""), (quality, "date")):
            rows = [
                row for row in client.records.get(each.id, []) if date.fromisoformat(str(row[day])) in window
            ]
            if each is quality:
                rows = [row for row in rows if row["report"] == stream.id]
            yield Batch.of_rows(each, rows)

    return ReportFeed(stream=stream, read=read, beside=(quality,))


def _periods(stream: Stream) -> PeriodFeed:
    def read(client: Records, periods: Sequence[Period], _: date) -> Iterator[Batch]:
        asked = {(period.grain, period.start.isoformat()) for period in periods}
        rows = client.records.get(stream.id, [])
        yield Batch.of_rows(
            stream, [row for row in rows if (str(row["grain"]), str(row["period_start"])) in asked]
        )

    return PeriodFeed(stream=stream, read=read)


def _feed(stream: Stream) -> Feed:
    if stream.id in PERIODS:
        return _periods(stream)
    return _report(stream) if stream.id in API_REPORTS else _entities(stream)


def _connector(records: Mapping[str, Rows], streams: Sequence[Stream]) -> ApiConnector:
    return ApiConnector(
        word="records",
        connect=lambda _config, _context: Records(records),
        feeds=lambda _config: [_feed(stream) for stream in streams],
    )


def _asked_periods(_: DateWindow) -> list[Period]:
    return [
        Period("month", date(2026, 9, 1), date(2026, 10, 1)),
        Period("week", date(2026, 9, 7), date(2026, 9, 14)),
    ]


def land_apis(zone: RawZone) -> dict[str, tuple[Stream, ...]]:
    """Land both runs of every API source of ``by_api``; returns the streams by source."""
    facts = BrandFacts(timezone="Asia/Tehran", currency="EUR", periods=_asked_periods)
    fed: dict[str, tuple[Stream, ...]] = {}
    for source_id, runs in API_RUNS.items():
        ids = dict.fromkeys(stream_id for run in runs for stream_id in run)
        streams = [STREAMS[each] for each in ids if each not in {*BESIDE.values(), "quality/report_days"}]
        config = ApiConfig(connector="records", brand="by_api", start=START, address_flags=FLAGS)
        for load_id, (now, records) in enumerate(zip(RUNS, runs, strict=True), start=1):
            source = ApiSource(source_id, config, _connector(records, streams), brand=facts)
            outcomes = source.land(zone, load_id=load_id, loaded_at=now)
            assert [each.error for each in outcomes if each.error] == []
            fed[source_id] = source.streams()
    return fed


def land_files(zone: RawZone, brand: str) -> dict[str, tuple[Stream, ...]]:
    """Land the exports of ``brand``; returns the streams by source."""
    end = RUNS[-1].date()
    flagged = zone.with_rules_of(keep=False, address_flags=FLAGS)
    for source_id, exports in EXPORTS[brand].items():
        for stream_id, rows in exports.items():
            stream = STREAMS[stream_id]
            by_day = stream.connector == "search_console"
            names = dict.fromkeys(name for row in rows for name in row)
            table = pa.table({name: [row.get(name) for row in rows] for name in names})
            typed = ", ".join(
                f'cast("{name}" as {stream.column(name).type.sql}) as "{name}"' for name in names
            )
            slice_sql = f"cast({stream.cursor} as varchar)" if by_day else "'export.csv'"
            with flagged.landing(
                stream, source=source_id, brand=brand, load_id=2, loaded_at=RUNS[-1]
            ) as landing:
                landing.con.register("rows", table)
                lines = f"select {typed}, row_number() over () as _line from rows"
                landing.stage(f"select *, {slice_sql} as _slice from ({lines})")
                landing.commit(
                    replaces=Replaces.window(START, end) if by_day else Replaces.nothing(),
                    window=(START, end),
                )
    return {
        source_id: tuple(STREAMS[each] for each in exports) for source_id, exports in EXPORTS[brand].items()
    }


def _source_rows(brand: str, fed: Mapping[str, tuple[Stream, ...]]) -> tuple[list[Row], list[Row]]:
    sources: list[Row] = [
        (source_id, brand, "records", "until", EXPECT_UNTIL, "Asia/Tehran", "EUR", source_id)
        for source_id in fed
    ]
    streams: list[Row] = [
        (
            source_id,
            brand,
            stream.connector,
            stream.name,
            stream.kind.value,
            stream.usable_after_days,
            stream.final_after_days,
            None,
            None,
            0,
        )
        for source_id, each in fed.items()
        for stream in each
    ]
    return sources, streams


def _write_inputs(workspace: Workspace, settings: Settings, zone: RawZone, build: Build) -> None:
    fed = {brand: land_files(zone, brand) for brand in settings.brands}
    fed["by_api"] |= land_apis(zone)
    manifests = [
        zone.manifest(stream, source_id)
        for sources in fed.values()
        for source_id, streams in sources.items()
        for stream in streams
    ]
    tables = control_rows(
        settings,
        read_state(workspace),
        manifests,
        build=build,
        built_at=build.as_of,
        built_through=0,
        is_full_refresh=True,
    )
    for brand, sources in fed.items():
        rows, streams = _source_rows(brand, sources)
        tables["sources"] += rows
        tables["source_streams"] += streams
    tables["row_rules"] += [(*rule,) for rule in (*api_twins_answers.PATTERNS, *api_twins_exports.PATTERNS)]
    with duckdb.connect(str(workspace.build_db)) as con:
        write_control(con, tables, zone, sources={each for sources in fed.values() for each in sources})


def build_twins(home: Path) -> Path:
    """Land both brands, build and test the warehouse; returns the build file."""
    (home / "sanjeh.yml").write_text(SETTINGS, encoding="utf-8")
    workspace = Workspace(home)
    workspace.prepare()
    settings = load_settings(workspace)
    zone = RawZone(workspace.raw, temp=workspace.temp, pii=Pseudonymiser(key=b"a key of the tests"))
    with run_lock(workspace, run_id="twins", started_at=AS_OF):
        start_run(workspace, run_id="twins", started_at=AS_OF)
        keys = [CalendarKey.parse(key) for key in settings.calendar_keys()]
        land_calendar(zone, keys, load_id=1, loaded_at=AS_OF)
        build = Build(
            run_id="twins", load_id=3, as_of=AS_OF, fingerprint="", inputs_hash="", git_revision="test"
        )
        _write_inputs(workspace, settings, zone, build)
    _dbt_build(workspace)
    return workspace.build_db


def _dbt_build(workspace: Workspace) -> None:
    target = workspace.root / "target"
    folders = [f"--{name}-dir={dbt_project_dir()}" for name in ("project", "profiles")]
    places = [f"--target-path={target}", f"--log-path={workspace.root / 'logs'}"]
    done = subprocess.run(
        [str(dbt_executable()), "--quiet", "build", "--exclude-resource-type=unit_test", *folders, *places],
        env={**os.environ, **dbt_environment(workspace)},
        capture_output=True,
        text=True,
        check=False,
    )
    results: dict[str, Any] = json.loads((target / "run_results.json").read_text(encoding="utf-8"))
    assert failed_nodes(results) == []
    assert done.returncode == 0, done.stdout + done.stderr
