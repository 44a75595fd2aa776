"""The record in the build file, and digests of control tables and listed slices."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from connectors.core.manifest import Manifest, SliceEntry
from orchestration.build_record import forget_nodes, read_inputs, read_record, record_nodes
from orchestration.build_selection import BuildSelection, Built, Graph
from orchestration.control_tables import CONTROL_TABLES, create_control_tables

GRAPH = Graph(
    {
        "nodes": {},
        "macros": {},
        "sources": {
            "source.sanjeh.raw.orders__order_lines": {"source_name": "raw", "name": "orders__order_lines"},
            **{
                f"source.sanjeh.control.{table}": {"source_name": "control", "name": table}
                for table in CONTROL_TABLES
            },
        },
    }
)
LANDED = datetime(2026, 9, 1, tzinfo=UTC)


@pytest.fixture
def build(tmp_path: Path) -> Path:
    path = tmp_path / "build.duckdb"
    with duckdb.connect(str(path)) as con:
        create_control_tables(con)
        con.execute(
            "insert into control.run (run_id, load_id, as_of, built_at, converted_stage) "
            "values ('a', 1, '2026-09-01', '2026-09-01', 'customer')"
        )
        con.execute(
            "insert into control.brands (brand_id, timezone, as_of_date) values "
            "('one', 'UTC', '2026-09-01'), ('two', 'UTC', '2026-09-01')"
        )
    return path


def _slices(**changes: Any) -> Manifest:
    entry = {
        "file": "a.parquet",
        "rows": 2,
        "content_hash": "h1",
        "load_id": 1,
        "loaded_at": LANDED,
    } | changes
    return Manifest(
        connector="orders", stream="order_lines", source="shop", slices={"2026-09": SliceEntry(**entry)}
    )


def _read(build: Path, *manifests: Manifest) -> Any:
    with duckdb.connect(str(build), read_only=True) as con:
        return read_inputs(con, GRAPH, manifests, project_hash="p")


def test_words_about_the_run_change_no_digest(build: Path) -> None:
    before = _read(build)
    with duckdb.connect(str(build)) as con:
        con.execute("update control.run set run_id = 'b', load_id = 2, built_at = '2026-09-02'")
    assert _read(build) == before


def test_a_setting_changes_the_digest_of_its_table_alone(build: Path) -> None:
    before = _read(build)
    with duckdb.connect(str(build)) as con:
        con.execute("update control.run set converted_stage = 'won'")
    after = _read(build)
    assert {key for key in before.sources if before.sources[key] != after.sources[key]} == {
        "source.sanjeh.control.run"
    }
    day = ("brands", "as_of_date")
    assert after.columns[day] == before.columns[day]


def test_the_day_counts_by_brand_and_apart_from_the_table(build: Path) -> None:
    """Two brands that swap their days are not what they were."""
    with duckdb.connect(str(build)) as con:
        con.execute("update control.brands set as_of_date = '2026-09-02' where brand_id = 'one'")
    one = _read(build)
    with duckdb.connect(str(build)) as con:
        con.execute("update control.brands set as_of_date = '2026-09-01' where brand_id = 'one'")
        con.execute("update control.brands set as_of_date = '2026-09-02' where brand_id = 'two'")
    two = _read(build)
    assert one.sources == two.sources
    assert one.columns != two.columns


def test_slices_count_by_content_and_load_not_by_file(build: Path) -> None:
    stored = _read(build, _slices())
    assert _read(build, _slices(file="compacted.parquet")) == stored
    assert _read(build, _slices(content_hash="h2")) != stored
    assert _read(build, _slices(load_id=2)) != stored
    assert _read(build, _slices(window_start=date(2026, 9, 1))) == stored
    assert _read(build) != stored


def test_what_is_built_is_recorded_except_for_what_warned(build: Path) -> None:
    now = {
        name: Built(digest=f"{name}1", timed=f"{name}2") for name in ("model.s.a", "model.s.b", "test.s.c")
    }
    with duckdb.connect(str(build), read_only=True) as con:
        assert read_record(con) == {}
    forget_nodes(build, now)
    record_nodes(build, BuildSelection(now=now, stale=frozenset(now)), except_for=["test.s.c"])
    with duckdb.connect(str(build), read_only=True) as con:
        assert set(read_record(con)) == {"model.s.a", "model.s.b"}
    forget_nodes(build, ["model.s.a"])
    with duckdb.connect(str(build), read_only=True) as con:
        assert read_record(con) == {"model.s.b": now["model.s.b"]}
    forget_nodes(build)
    with duckdb.connect(str(build), read_only=True) as con:
        assert read_record(con) == {}
