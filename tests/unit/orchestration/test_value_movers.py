"""Which source moved a value: history names it, and a ledger that knew no slices goes on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date

import duckdb
import pyarrow.parquet as pq
import yaml

from orchestration.data_dictionary import PUBLISHED
from orchestration.ledger import BASELINE
from tests.unit.orchestration.published_builds import Input, Publisher, Slice, Value

WEB = Slice(source="web", key="january")
APP = Slice(source="app", key="january")
SHOP = Slice(source="shop", key="orders.csv", connector="orders", stream="orders")
INPUTS = (
    Input(source="web"),
    Input(source="app"),
    Input(source="shop", kpi="revenue", connector="orders", stream="orders", unit="money", is_dated=False),
)
MARCH = (date(2026, 3, 1), date(2026, 4, 1))


def moved_by(publisher: Publisher, kpi: str = "sessions") -> list[object]:
    """``moved_by`` of a KPI's rows in order of time."""
    rows = publisher.read(
        f"select moved_by from marts.fct_kpi_history where kpi_id = '{kpi}' order by valid_from, period_start"
    )
    return [value for (value,) in rows]


def put(publisher: Publisher, values: Iterable[Value], slices: Iterable[Slice], **more: str) -> None:
    """Build and publish."""
    publisher.build(values, slices=slices, kpi_inputs=INPUTS, inputs=str(publisher.steps), **more)
    assert publisher.publish().published


def changed(part: Slice, **changes: object) -> Slice:
    return Slice(**{**vars(part), "content": "restated", **changes})  # type: ignore[arg-type]


def test_history_names_the_source_whose_days_changed(publisher: Publisher) -> None:
    put(publisher, [Value(value=10.0)], [WEB, APP, SHOP])
    put(publisher, [Value(value=11.0)], [WEB, changed(APP), SHOP])
    put(publisher, [Value(value=12.0)], [changed(WEB), changed(APP), changed(SHOP)])
    assert moved_by(publisher) == ["app, web", "app", "web"]


def test_dated_source_that_changed_other_days_moved_nothing_here(publisher: Publisher) -> None:
    put(publisher, [Value(value=10.0)], [WEB, APP])
    added = Slice(source="web", key="march", days=MARCH)
    put(publisher, [Value(value=11.0)], [WEB, added, changed(APP)])
    put(publisher, [Value(value=12.0)], [WEB, changed(added, content="again"), changed(APP)])
    assert moved_by(publisher) == ["app, web", "app", None]


def test_refund_in_march_moves_january_and_exchange_rates_move_money(publisher: Publisher) -> None:
    revenue = {"kpi": "revenue"}
    put(publisher, [Value(value=10.0, **revenue)], [SHOP, WEB])
    refund = Slice(**{**vars(SHOP), "key": "refunds.csv", "days": MARCH})
    put(publisher, [Value(value=9.0, **revenue)], [SHOP, WEB, refund])
    rates = Slice(source="rates", key="rates.csv", connector="exchange_rates", stream="rates")
    put(publisher, [Value(value=8.0, **revenue)], [SHOP, changed(WEB), refund, rates])
    assert moved_by(publisher, "revenue") == ["shop", "shop", "rates"]


def test_batch_of_records_may_reach_any_period(publisher: Publisher) -> None:
    batch = Slice(source="crm", key="000001", connector="hubspot", stream="contacts", days=(None, None))
    inputs = (
        Input(source="web", kpi="session_to_lead_rate"),
        Input(
            source="crm", kpi="session_to_lead_rate", connector="hubspot", stream="contacts", is_dated=False
        ),
    )
    for value, slices in ((0.1, [WEB, batch]), (0.2, [changed(WEB), changed(batch, key="000002"), batch])):
        publisher.build([Value(value=value, kpi="session_to_lead_rate")], slices=slices, kpi_inputs=inputs)
        publisher.publish()
    assert moved_by(publisher, "session_to_lead_rate") == ["crm, web", "crm, web"]


def test_removed_slice_and_removed_source_are_named(publisher: Publisher) -> None:
    put(publisher, [Value(value=10.0)], [WEB, APP])
    publisher.build([Value(value=4.0)], slices=[WEB], kpi_inputs=INPUTS[:1], inputs="fewer")
    publisher.publish()
    assert moved_by(publisher) == ["app, web", "app"]
    assert publisher.read(
        "select source_id, reason, brand_id, window_start from marts.fct_source_changes where version = 2"
    ) == [("app", "not published any more", "acme", date(2026, 1, 1))]


def test_setting_that_changed_without_a_slice_has_no_source(publisher: Publisher) -> None:
    publisher.build([Value(value=10.0)], slices=[WEB], kpi_inputs=INPUTS)
    publisher.publish()
    publisher.build([Value(value=9.0)], slices=[WEB], kpi_inputs=INPUTS, fingerprint="another zone")
    publisher.publish()
    assert publisher.history() == [(10.0, 1, "new data", False), (9.0, 2, "definition_changed", True)]
    assert moved_by(publisher) == ["web", None]


def test_status_alone_makes_no_row(publisher: Publisher) -> None:
    put(publisher, [Value(value=10.0)], [WEB])
    publisher.build([Value(value=10.0)], slices=[changed(WEB)], kpi_inputs=INPUTS)
    with duckdb.connect(str(publisher.workspace.build_db)) as con:
        con.execute("update marts.fct_kpi_monthly set status = 'stale', days_loaded = 8")
    assert publisher.publish().version == 2
    assert publisher.history() == [(10.0, 1, "new data", True)]


def test_after_a_rollback_changes_count_from_the_version_that_came_back(publisher: Publisher) -> None:
    put(publisher, [Value(value=10.0)], [WEB, APP])
    put(publisher, [Value(value=11.0)], [changed(WEB), APP])
    publisher.rollback()
    publisher.build([Value(value=12.0)], slices=[changed(WEB), changed(APP)], kpi_inputs=INPUTS)
    publisher.publish(release_hold=True)
    assert publisher.history() == [
        (10.0, 1, "new data", False),
        (11.0, 2, "restated", False),
        (10.0, 1, "rolled_back", False),
        (12.0, 3, "restated", True),
    ]
    assert moved_by(publisher) == ["app, web", "web", None, "app, web"]


def test_superseding_version_and_run_stand_beside_the_value(publisher: Publisher) -> None:
    put(publisher, [Value(value=10.0)], [WEB])
    put(publisher, [Value(value=11.0)], [changed(WEB)])
    rows = publisher.read(
        "select version, superseded_by_version, superseded_by_run_id from marts.fct_kpi_history order by version"
    )
    [(_, _, second_run)] = publisher.read("select version, event_id, run_id from marts.publication")
    assert rows == [(1, 2, second_run), (2, None, None)]


def test_ledger_of_format_1_goes_on_and_its_slices_are_a_baseline(publisher: Publisher) -> None:
    put(publisher, [Value(value=10.0)], [WEB, APP])
    ledger = publisher.workspace.ledger
    # As format 1 left it: no slices, no column moved_by.
    [slices] = (ledger / "slices").glob("*.parquet")
    slices.unlink()
    [values] = (ledger / "values").glob("*.parquet")
    table = pq.read_table(values)
    pq.write_table(table.drop_columns(["moved_by"]), values)
    (ledger / "format.json").write_text('{"format_version": 1}')

    put(publisher, [Value(value=11.0)], [WEB, changed(APP)])
    assert moved_by(publisher) == [None, None]
    assert publisher.read("select distinct reason from marts.fct_source_changes") == [(BASELINE,)]
    assert json.loads((ledger / "format.json").read_text()) == {"format_version": 2}
    put(publisher, [Value(value=12.0)], [changed(WEB), changed(APP)])
    assert moved_by(publisher) == [None, None, "web"]


def test_lost_ledger_takes_sources_and_slices_from_the_published_file(publisher: Publisher) -> None:
    put(publisher, [Value(value=10.0)], [WEB, APP])
    put(publisher, [Value(value=11.0)], [changed(WEB), APP])
    for path in publisher.workspace.ledger.rglob("*.parquet"):
        path.unlink()
    put(publisher, [Value(value=12.0)], [changed(WEB), changed(APP)])
    assert moved_by(publisher) == ["app, web", "web", "app"]


def test_file_that_an_older_program_published_completes_the_ledger(publisher: Publisher) -> None:
    put(publisher, [Value(value=10.0)], [WEB, APP])
    path = publisher.workspace.published_file
    path.chmod(0o644)
    with duckdb.connect(str(path)) as con:
        for column in ("moved_by", "superseded_by_version", "superseded_by_run_id"):
            con.execute(f"alter table marts.fct_kpi_history drop column {column}")
        con.execute("drop table marts.fct_source_changes")
    for file in publisher.workspace.ledger.rglob("*.parquet"):
        file.unlink()
    put(publisher, [Value(value=12.0)], [WEB, changed(APP)])
    assert publisher.history() == [(10.0, 1, "new data", False), (12.0, 2, "restated", True)]
    assert moved_by(publisher) == [None, None]


def test_tables_that_publishing_writes_are_described_as_they_are(publisher: Publisher) -> None:
    put(publisher, [Value(value=10.0)], [WEB])
    documented = {
        model["name"]: [(column["name"], column["data_type"]) for column in model["columns"]]
        for model in yaml.safe_load(PUBLISHED.read_text(encoding="utf-8"))["models"]
    }
    found: dict[object, list[tuple[object, str]]] = {}
    for table, column, kind in publisher.read(
        "select table_name, column_name, data_type from duckdb_columns() where schema_name = 'marts'"
    ):
        found.setdefault(table, []).append((column, str(kind).lower()))
    assert {table: found[table] for table in documented} == documented
