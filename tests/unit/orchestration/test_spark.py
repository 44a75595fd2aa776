"""What a run tells Spark, what it takes back, and what it says when Spark isn't there."""

from __future__ import annotations

import json
import socket
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from connectors.registry import STREAMS
from orchestration.control import open_raw_zone
from orchestration.control_tables import CONTROL_TABLES
from orchestration.errors import WorkspaceError
from orchestration.run_options import RunOptions, Target
from orchestration.settings import load_settings
from orchestration.spark import installation
from orchestration.spark.inputs import write_inputs
from orchestration.spark.installation import (
    inputs_folder,
    remove_spark_files,
    require_spark,
    tables_folder,
    write_launcher,
)
from orchestration.spark.results import is_built_by_spark, load_marts
from orchestration.workspace import Workspace
from tests.spark.parity import compare
from tests.unit.orchestration.test_control import run

MARTS = {
    "fct_one": {"brand_id": "varchar", "amount": "decimal(38,6)", "value": "double", "sent_at": "timestamp"}
}


@pytest.fixture
def spark_env(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment that looks like one with dbt and PySpark."""
    folder = tmp_path / "spark-env"
    folder.mkdir()
    python = folder / "python"
    python.symlink_to(sys.executable)
    for name in ("dbt", "java"):
        (folder / name).write_text("#!/bin/sh\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("SANJEH_SPARK_PYTHON", str(python))
    monkeypatch.setenv("PATH", str(folder))
    for name in ("JAVA_HOME", "SANJEH_SPARK_MASTER", "SANJEH_SPARK_CONF", "SANJEH_SPARK_DIR"):
        monkeypatch.delenv(name, raising=False)
    return folder


def spark_writes(folder: Path, query: str) -> None:
    folder.mkdir(parents=True)
    duckdb.sql(f"copy ({query}) to '{folder}/part-0.parquet' (format parquet)")


def build(path: Path, value: str, *, table: str = "fct_one") -> Path:
    with duckdb.connect(str(path)) as con:
        con.execute(
            f"create schema marts; create table marts.{table} as select 'a' as brand_id, {value} as value"
        )
    return path


@pytest.mark.usefixtures("spark_env")
def test_spark_is_found_when_environment_java_and_settings_are_there() -> None:
    require_spark()


def test_missing_environment_names_the_target_that_makes_it(
    spark_env: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANJEH_SPARK_PYTHON", str(spark_env / "nowhere" / "python"))
    with pytest.raises(WorkspaceError, match="make spark-env"):
        require_spark()


def test_missing_java_is_told(spark_env: Path) -> None:
    (spark_env / "java").unlink()
    with pytest.raises(WorkspaceError, match="needs Java 17"):
        require_spark()


@pytest.mark.usefixtures("spark_env")
def test_settings_that_are_no_object_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANJEH_SPARK_CONF", "spark.executor.memory=4g")
    with pytest.raises(WorkspaceError, match="no JSON object"):
        require_spark()


@pytest.mark.usefixtures("spark_env")
def test_master_that_does_not_answer_is_told_before_anything_lands(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        closed = probe.getsockname()[1]
    monkeypatch.setenv("SANJEH_SPARK_MASTER", f"spark://127.0.0.1:{closed}")
    with pytest.raises(WorkspaceError, match=r"doesn't answer: .*make spark-cluster"):
        require_spark()


@pytest.mark.usefixtures("spark_env")
def test_first_of_two_masters_may_be_down(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as probe, socket.socket() as listening:
        probe.bind(("127.0.0.1", 0))
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        addresses = ",".join(f"127.0.0.1:{s.getsockname()[1]}" for s in (probe, listening))
        monkeypatch.setenv("SANJEH_SPARK_MASTER", f"spark://{addresses}")
        require_spark()


@pytest.mark.usefixtures("spark_env")
def test_launcher_is_a_program_that_calls_the_driver(workspace: Workspace) -> None:
    launcher = write_launcher(workspace)
    text = launcher.read_text(encoding="utf-8")
    assert launcher.stat().st_mode & 0o111
    assert str(Path(installation.__file__).with_name("driver.py")) in text
    assert str(installation.spark_log(workspace)) in text


def test_spark_is_told_the_listed_files_and_the_control_rows(workspace: Workspace) -> None:
    run(workspace, "a", land_files={"one.csv": 2, "two.csv": 3})
    settings = load_settings(workspace)
    zone = open_raw_zone(workspace, settings)
    write_inputs(inputs_folder(workspace), workspace.build_db, zone, sources=settings.sources.keys())
    told = json.loads((inputs_folder(workspace) / "inputs.json").read_text(encoding="utf-8"))
    assert {view["name"] for view in told["views"]} == {stream.view for stream in STREAMS.values()}
    (lines,) = (view for view in told["views"] if view["name"] == "orders__order_lines")
    files = [file for group in lines["groups"] for file in group["files"]]
    found = duckdb.read_parquet(files, hive_partitioning=False).project("quantity").fetchall()
    assert sorted(found) == [(Decimal(2),), (Decimal(3),)]
    for table in CONTROL_TABLES:
        path = inputs_folder(workspace) / "control" / f"{table}.parquet"
        with duckdb.connect(str(workspace.build_db), read_only=True) as con:
            query = "select * from {} order by all"
            assert (
                con.execute(query.format(f"'{path}'")).fetchall()
                == con.execute(query.format(f"control.{table}")).fetchall()
            )


def test_files_of_a_source_that_is_no_longer_configured_are_left_out(workspace: Workspace) -> None:
    run(workspace, "a", land_files={"one.csv": 2})
    zone = open_raw_zone(workspace, load_settings(workspace))
    write_inputs(inputs_folder(workspace), workspace.build_db, zone, sources=())
    told = json.loads((inputs_folder(workspace) / "inputs.json").read_text(encoding="utf-8"))
    assert not any(view["groups"] for view in told["views"])


def test_marts_come_back_under_the_types_of_their_contracts(workspace: Workspace) -> None:
    run(workspace, "a")
    spark_writes(
        tables_folder(workspace) / "marts.db" / "fct_one",
        "select 'a' as brand_id, 1::decimal(20,2) as amount, 0.5::double as value, "
        "timestamptz '2026-01-01 12:00:00+02' as sent_at",
    )
    load_marts(workspace.build_db, tables_folder(workspace), MARTS)
    with duckdb.connect(str(workspace.build_db), read_only=True) as con:
        types = con.execute("select data_type from duckdb_columns() where table_name = 'fct_one'").fetchall()
        rows = con.execute("select amount, value, sent_at::varchar from marts.fct_one").fetchall()
    assert [type_ for (type_,) in types] == ["VARCHAR", "DECIMAL(38,6)", "DOUBLE", "TIMESTAMP"]
    assert rows == [(Decimal("1.000000"), 0.5, "2026-01-01 10:00:00")]


def test_a_mart_that_spark_did_not_leave_changes_nothing(workspace: Workspace) -> None:
    run(workspace, "a")
    with pytest.raises(WorkspaceError, match="left no table fct_one"):
        load_marts(workspace.build_db, tables_folder(workspace), MARTS)
    assert not is_built_by_spark(workspace.build_db)


def test_a_run_on_duckdb_after_one_on_spark_begins_anew(workspace: Workspace) -> None:
    run(workspace, "a")
    load_marts(workspace.build_db, tables_folder(workspace), {})
    assert is_built_by_spark(workspace.build_db)
    assert run(workspace, "b").is_full_refresh
    assert not is_built_by_spark(workspace.build_db)
    assert not run(workspace, "c").is_full_refresh


def test_what_spark_held_of_people_is_removed(workspace: Workspace) -> None:
    for folder in (inputs_folder(workspace), tables_folder(workspace)):
        folder.mkdir(parents=True)
    remove_spark_files(workspace)
    assert not inputs_folder(workspace).exists()
    assert not tables_folder(workspace).exists()


def test_target_is_part_of_a_runs_configuration() -> None:
    options = RunOptions.parse(target="spark")
    assert options.target is Target.SPARK
    assert options.resource_config()["target"] == "spark"


@pytest.mark.parametrize(
    ("other", "differs", "inexact"),
    [("0.3::double", False, 0), ("0.3::double + 1e-16", False, 1), ("0.3::double + 1e-11", True, 0)],
)
def test_parity_bears_the_last_bits_of_a_float_only(
    tmp_path: Path, other: str, differs: bool, inexact: int
) -> None:
    found = compare(build(tmp_path / "a.db", "0.3::double"), build(tmp_path / "b.db", other))
    assert (bool(found.differing), found.inexact, found.rows) == (differs, inexact, 1)


@pytest.mark.parametrize("other", ["2::decimal(9,2)", "1::decimal(9,3)", "null::decimal(9,2)"])
def test_parity_wants_exact_money_and_types(tmp_path: Path, other: str) -> None:
    assert compare(build(tmp_path / "a.db", "1::decimal(9,2)"), build(tmp_path / "b.db", other)).differing


def test_parity_misses_a_table_that_one_side_lacks(tmp_path: Path) -> None:
    assert compare(build(tmp_path / "a.db", "1"), build(tmp_path / "b.db", "1", table="fct_two")).differing
