"""What the SQL is told: control tables and raw views of the build file."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import duckdb
import pytest

from connectors.core.raw_zone import RawZone, Replaces
from connectors.registry import STREAMS
from orchestration.control import BuildInputs, build_fingerprint, open_raw_zone, prepare_build
from orchestration.control_rows import customer_salt
from orchestration.control_tables import CONTROL_TABLES
from orchestration.errors import WorkspaceError
from orchestration.run_lock import run_lock
from orchestration.run_state import mark_built, read_state, start_run
from orchestration.settings import load_settings
from orchestration.workspace import Workspace
from tests.unit.orchestration.conftest import SETTINGS

NOW = datetime(2026, 3, 29, 23, 30, tzinfo=UTC)
LINES = STREAMS["orders/order_lines"]


def land(zone: RawZone, *, load_id: int, file: str, quantity: int, source: str = "acme_orders") -> None:
    with zone.landing(LINES, source=source, brand="acme", load_id=load_id, loaded_at=NOW) as landing:
        landing.stage(
            f"select '1' as order_id, {quantity} as quantity, 2 as unit_price, timestamp '2026-01-05' as ordered_at, "
            f"'{file}' as _slice, '{file}' as _file, 1 as _line"
        )
        landing.commit(replaces=Replaces.nothing(), window=(date(2026, 1, 5), date(2026, 1, 6)))


def run(
    workspace: Workspace, run_id: str, *, land_files: dict[str, int] | None = None, full_refresh: bool = False
) -> BuildInputs:
    """One run up to the build, which then succeeds; ``land_files`` is quantity by file."""
    settings = load_settings(workspace)
    with run_lock(workspace, run_id=run_id, started_at=NOW):
        record = start_run(workspace, run_id=run_id, started_at=NOW)
        for file, quantity in (land_files or {}).items():
            land(open_raw_zone(workspace, settings), load_id=record.load_id, file=file, quantity=quantity)
        inputs = prepare_build(
            workspace, settings, run_id=run_id, as_of=NOW, built_at=NOW, full_refresh=full_refresh
        )
        mark_built(workspace, run_id=run_id)
    return inputs


@contextmanager
def build_file(workspace: Workspace) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(workspace.build_db), read_only=True) as con:
        yield con


def test_every_control_table_and_raw_view_is_there_before_anything_landed(workspace: Workspace) -> None:
    run(workspace, "a")
    with build_file(workspace) as con:
        views = con.execute("select view_name from duckdb_views() where schema_name = 'raw'").fetchall()
        tables = con.execute(
            "select table_name from duckdb_tables() where schema_name = 'control'"
        ).fetchall()
        rules = con.execute(
            "select require_customer, extra_service_codes, returns, counted_statuses from control.order_rules"
        ).fetchall()
        source = con.execute(
            "select expect, expect_until, timezone, currency_code from control.sources"
        ).fetchall()
        terms = con.execute("select term, is_excluded from control.search_terms").fetchall()
    assert {name for (name,) in views} == {stream.view for stream in STREAMS.values()}
    assert {name for (name,) in tables} == set(CONTROL_TABLES)
    assert rules == [(True, "C2", "subtract", "paid")]
    assert source == [("until", date(2026, 1, 31), "Europe/London", "GBP")]
    assert terms == [("acme", False), ("acme racing", True)]


def test_rules_of_subscription_items_reach_the_sql(workspace: Workspace) -> None:
    source = "  {id}: {{connector: subscription_items_file, brand: acme, path: exports/{id}.csv{rules}}}\n"
    with workspace.settings_file.open("a", encoding="utf-8") as file:
        file.write(source.format(id="usual", rules=""))
        file.write(source.format(id="strict", rules=", rules: {churn_at_period_end: false}"))
        file.write(source.format(id="net", rules=", rules: {once_discounts_reduce: true}"))
    run(workspace, "a")
    with build_file(workspace) as con:
        rules = con.execute("from control.subscription_rules").fetchall()
    assert rules == [("usual", True, False), ("strict", False, False), ("net", True, True)]


def test_clock_of_the_run_is_a_day_of_the_brands_zone(workspace: Workspace) -> None:
    """23:30 UTC on 29 March is 00:30 on the 30th in London: summer time began that night."""
    run(workspace, "a")
    with build_file(workspace) as con:
        assert con.execute("select as_of_date from control.brands").fetchall() == [(date(2026, 3, 30),)]
        assert con.execute("select as_of from control.run").fetchall() == [(datetime(2026, 3, 29, 23, 30),)]  # noqa: DTZ001 - TIMESTAMP


def test_only_slices_landed_since_the_last_build_are_work(workspace: Workspace) -> None:
    first = run(workspace, "a", land_files={"1.csv": 1, "2.csv": 1})
    assert (first.is_full_refresh, first.changed_slices) == (True, 2)
    assert run(workspace, "b", land_files={"1.csv": 1}).changed_slices == 0
    third = run(workspace, "c", land_files={"2.csv": 5})
    assert (third.is_full_refresh, third.changed_slices, third.built_through) == (False, 1, 2)
    with build_file(workspace) as con:
        changed = con.execute("select slice, change from control.changed_slices").fetchall()
        assert changed == [("2.csv", "upserted")]
        assert con.execute("select sum(quantity) from raw.orders__order_lines").fetchall() == [(6,)]


def test_work_of_a_build_that_broke_off_stays_work(workspace: Workspace) -> None:
    run(workspace, "a", land_files={"1.csv": 1})
    settings = load_settings(workspace)
    with run_lock(workspace, run_id="broken", started_at=NOW):
        record = start_run(workspace, run_id="broken", started_at=NOW)
        land(open_raw_zone(workspace, settings), load_id=record.load_id, file="2.csv", quantity=1)
        prepare_build(workspace, settings, run_id="broken", as_of=NOW, built_at=NOW)
    assert read_state(workspace).build is None
    assert run(workspace, "c").changed_slices == 1


def test_changed_settings_make_the_build_anew(workspace: Workspace) -> None:
    run(workspace, "a", land_files={"1.csv": 1})
    assert not run(workspace, "b").is_full_refresh
    changed = SETTINGS.replace("require_customer: true", "require_customer: false")
    workspace.settings_file.write_text(changed, encoding="utf-8")
    inputs = run(workspace, "c")
    assert (inputs.is_full_refresh, inputs.built_through, inputs.changed_slices) == (True, 0, 1)


def test_damaged_build_file_is_made_anew(workspace: Workspace) -> None:
    run(workspace, "a")
    workspace.build_db.write_bytes(b"not a database")
    assert run(workspace, "b").is_full_refresh


def test_full_refresh_on_request(workspace: Workspace) -> None:
    run(workspace, "a", land_files={"1.csv": 1})
    assert run(workspace, "b", full_refresh=True).changed_slices == 1


def test_rows_of_a_source_that_is_no_longer_configured_stay_out(workspace: Workspace) -> None:
    zone = RawZone(workspace.raw, temp=workspace.temp, pii=None)
    land(zone, load_id=1, file="1.csv", quantity=1, source="removed_source")
    run(workspace, "a")
    with build_file(workspace) as con:
        assert con.execute("select count(*) from raw.orders__order_lines").fetchall() == [(0,)]
        assert con.execute("select count(*) from control.slices").fetchall() == [(0,)]
    assert read_state(workspace).last_load_id == 2


def test_fingerprint_follows_the_sql(workspace: Workspace) -> None:
    settings = load_settings(workspace)
    project = workspace.root / "project"
    (project / "models").mkdir(parents=True)
    (project / "dbt_project.yml").write_text("name: x")
    before = build_fingerprint(settings, project)
    (project / "models" / "a.sql").write_text("select 1")
    assert build_fingerprint(settings, project) != before


def test_customer_salt_follows_the_personal_key_else_the_workspace(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = read_state(workspace)
    monkeypatch.delenv("SANJEH_PII_KEY", raising=False)
    own = customer_salt(load_settings(workspace), state, "acme")
    assert own != customer_salt(load_settings(workspace), state, "other")
    monkeypatch.setenv("SANJEH_PII_KEY", "key")
    keyed = customer_salt(load_settings(workspace), state, "acme")
    assert keyed != own
    assert keyed == customer_salt(load_settings(workspace), read_state(workspace), "acme")


def test_copies_of_a_workspace_agree_on_customer_keys_when_the_settings_hold_the_salt(
    workspace: Workspace,
) -> None:
    text = SETTINGS.replace("name: Acme, currency", "name: Acme, customer_salt: public, currency")
    workspace.settings_file.write_text(text, encoding="utf-8")
    settings = load_settings(workspace)
    states = [read_state(workspace) for _ in range(2)]
    assert states[0].customer_salt != states[1].customer_salt
    assert len({customer_salt(settings, state, "acme") for state in states}) == 1


def test_open_build_file_is_refused_with_a_reason(workspace: Workspace) -> None:
    run(workspace, "a")
    workspace.build_db.unlink()
    workspace.build_db.mkdir()
    with pytest.raises(WorkspaceError, match=r"build file .* can't be written"):
        run(workspace, "b")


def test_build_file_that_another_process_has_open_is_kept_and_named(workspace: Workspace) -> None:
    run(workspace, "a", land_files={"1.csv": 1})
    hold = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); sys.stdout.write('open\\n'); sys.stdout.flush(); input()"
    command = [sys.executable, "-c", hold, str(workspace.build_db)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(WorkspaceError, match="is open in another process"):
            run(workspace, "b")
        holder.communicate("\n")
    assert not run(workspace, "c").is_full_refresh
