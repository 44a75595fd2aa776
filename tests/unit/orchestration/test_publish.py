"""Publishing: what readers see, what is kept, what a rollback does, and what history says."""

from __future__ import annotations

import stat
from datetime import date

import pytest

from orchestration.errors import PublishError, WorkspaceError
from orchestration.ledger import Ledger
from orchestration.publish import publish, versions
from orchestration.run_lock import run_lock
from orchestration.run_state import Build, mark_building, read_state, start_run
from orchestration.settings import PublishSettings
from tests.unit.orchestration.published_builds import NOON, Publisher, Value

FEBRUARY = date(2026, 2, 1)


def test_readers_see_tables_publication_and_history(publisher: Publisher) -> None:
    publisher.build([Value(value=10.0)])
    result = publisher.publish()
    assert (result.published, result.version) == (True, 1)
    assert publisher.read("select value from marts.fct_kpi_monthly") == [(10.0,)]
    assert publisher.read("select version, run_id, git_revision from marts.publication") == [
        (1, "run-1", "abc")
    ]
    assert publisher.read(
        "select row_count from marts.publication_tables where table_name = 'fct_kpi_monthly'"
    ) == [(1,)]
    assert publisher.history() == [(10.0, 1, "new data", True)]
    assert publisher.read("select count(*) from duckdb_views() where not internal") == [(0,)]


def test_published_file_is_read_only_without_log_and_in_an_old_storage_version(publisher: Publisher) -> None:
    publisher.build([Value(value=10.0)])
    publisher.publish()
    path = publisher.workspace.published_file
    assert stat.S_IMODE(path.stat().st_mode) == 0o444
    assert sorted(entry.name for entry in path.parent.iterdir()) == ["kpi.duckdb", "versions"]
    # Bytes 12 to 20 of a DuckDB file are its format number; drivers of 1.0 read 64.
    assert int.from_bytes(path.read_bytes()[12:20], "little") == 64


def test_detail_tables_are_published_only_when_asked_for(publisher: Publisher) -> None:
    publisher.build([Value(value=10.0)])
    publisher.publish()
    count = "select count(*) from duckdb_tables() where table_name = 'fct_order_lines'"
    assert publisher.read(count) == [(0,)]
    publisher.settings = PublishSettings(detail=True)
    assert publisher.publish().version == 2
    assert publisher.read(count) == [(1,)]


def test_identical_content_is_not_published_again_though_it_was_built_later(publisher: Publisher) -> None:
    publisher.build([Value(value=10.0)])
    publisher.publish()
    publisher.build([Value(value=10.0)])
    result = publisher.publish()
    assert (result.published, result.version) == (False, 1)
    assert "Nothing new" in result.message
    assert [version.number for version in versions(publisher.workspace)] == [1]


def test_history_says_why_each_value_changed(publisher: Publisher) -> None:
    publisher.build([Value(value=10.0, loaded_through=date(2026, 1, 9))], inputs="slices 1")
    publisher.publish()
    publisher.build([Value(value=12.0, loaded_through=date(2026, 1, 10))], inputs="slices 2")
    publisher.publish()
    publisher.build([Value(value=11.0, loaded_through=date(2026, 1, 10))], inputs="slices 3")
    publisher.publish()
    publisher.build(
        [Value(value=9.0, loaded_through=date(2026, 1, 10))], fingerprint="new SQL", inputs="slices 3"
    )
    publisher.publish()
    publisher.build([Value(value=None)], fingerprint="new SQL", inputs="slices 4")
    publisher.publish()
    assert publisher.history() == [
        (10.0, 1, "new data", False),
        (12.0, 2, "new data", False),
        (11.0, 3, "restated", False),
        (9.0, 4, "definition_changed", False),
        (None, 5, "not published any more", True),
    ]


def test_restated_value_is_called_so_when_later_days_had_not_moved_it(publisher: Publisher) -> None:
    """Day 10 brings nothing; the correction on the same day is a restatement although the ledger's row ends on 9."""
    publisher.build([Value(value=10.0, loaded_through=date(2026, 1, 9))], inputs="slices 1")
    publisher.publish()
    publisher.build([Value(value=10.0, loaded_through=date(2026, 1, 10))], inputs="slices 2")
    publisher.publish()
    publisher.build([Value(value=8.0, loaded_through=date(2026, 1, 10))], inputs="slices 3")
    publisher.publish()
    assert publisher.history() == [(10.0, 1, "new data", False), (8.0, 3, "restated", True)]


def test_intervals_of_history_touch_and_only_changed_values_get_a_row(publisher: Publisher) -> None:
    publisher.build([Value(value=10.0), Value(value=5.0, kpi="leads")])
    publisher.publish()
    publisher.build([Value(value=11.0), Value(value=5.0, kpi="leads")], inputs="slices 2")
    publisher.publish()
    assert len(publisher.history("leads")) == 1
    gaps = publisher.read(
        "select count(*) from (select valid_to, lead(valid_from) over "
        "(partition by kpi_id, period_start order by valid_from) as following from marts.fct_kpi_history) "
        "where valid_to is distinct from following"
    )
    assert gaps == [(0,)]


def test_rollback_brings_the_version_before_back_and_holds_publishing(publisher: Publisher) -> None:
    for value in (10.0, 20.0):
        publisher.build([Value(value=value)], inputs=f"slices {value}")
        publisher.publish()
    result = publisher.rollback()
    assert (result.version, result.from_version) == (1, 2)
    assert publisher.read("select value from marts.fct_kpi_monthly") == [(10.0,)]
    assert publisher.read("select version from marts.publication") == [(1,)]
    publisher.build([Value(value=30.0)], inputs="slices 30")
    held = publisher.publish()
    assert not held.published
    assert "held" in held.message
    assert publisher.read("select value from marts.fct_kpi_monthly") == [(10.0,)]
    assert publisher.publish(release_hold=True).version == 3
    assert read_state(publisher.workspace).hold is None
    assert [row[:3] for row in publisher.history()] == [
        (10.0, 1, "new data"),
        (20.0, 2, "restated"),
        (10.0, 1, "rolled_back"),
        (30.0, 3, "restated"),
    ]


def test_release_after_rollback_publishes_the_same_build_as_a_new_version(publisher: Publisher) -> None:
    for value in (10.0, 20.0):
        publisher.build([Value(value=value)], inputs=f"slices {value}")
        publisher.publish()
    publisher.rollback()
    assert publisher.publish(release_hold=True).version == 3
    assert publisher.read("select value from marts.fct_kpi_monthly") == [(20.0,)]


def test_rollback_to_a_version_that_is_not_retained_names_those_that_are(publisher: Publisher) -> None:
    publisher.settings = PublishSettings(keep=2)
    for value in (1.0, 2.0, 3.0):
        publisher.build([Value(value=value)], inputs=f"slices {value}")
        publisher.publish()
    assert [(v.number, v.is_current) for v in versions(publisher.workspace)] == [(2, False), (3, True)]
    with pytest.raises(PublishError, match=r"no version 1 to roll back to\. Kept: 2, 3"):
        publisher.rollback(1)
    with pytest.raises(PublishError, match="already see version 3"):
        publisher.rollback(3)
    assert read_state(publisher.workspace).hold is None


def test_rollback_before_anything_was_published_is_refused(publisher: Publisher) -> None:
    with pytest.raises(PublishError, match="Nothing has been published yet"):
        publisher.rollback()


def test_unfinished_build_is_not_published(publisher: Publisher) -> None:
    publisher.build([Value(value=10.0)])
    with run_lock(publisher.workspace, run_id="broken", started_at=NOON):
        run = start_run(publisher.workspace, run_id="broken", started_at=NOON)
        build = Build(
            run_id="broken", load_id=run.load_id, as_of=NOON, fingerprint="", inputs_hash="", git_revision=""
        )
        mark_building(publisher.workspace, build, anew=False)
    with pytest.raises(PublishError, match="no finished build"):
        publisher.publish()


def test_publishing_without_the_lock_is_refused(publisher: Publisher) -> None:
    publisher.build([Value(value=10.0)])
    with pytest.raises(WorkspaceError, match="doesn't hold its lock"):
        publish(publisher.workspace, publisher.settings, published_at=NOON)


def test_damaged_published_file_is_a_paragraph_and_stays(publisher: Publisher) -> None:
    publisher.build([Value(value=10.0)])
    path = publisher.workspace.published_file
    path.write_bytes(b"not a database")
    with pytest.raises(PublishError, match="was not changed"):
        publisher.publish()
    assert path.read_bytes() == b"not a database"


def test_stale_write_ahead_log_beside_the_published_file_is_removed(publisher: Publisher) -> None:
    publisher.build([Value(value=10.0)])
    publisher.publish()
    log = publisher.workspace.published / "kpi.duckdb.wal"
    publisher.build([Value(value=11.0)])
    log.write_bytes(b"left by a crash")
    publisher.workspace.published_file.unlink()
    publisher.publish()
    assert not log.exists()
    assert publisher.read("select value from marts.fct_kpi_monthly") == [(11.0,)]


def test_lost_ledger_is_rebuilt_from_the_published_file(publisher: Publisher) -> None:
    for value in (10.0, 20.0):
        publisher.build([Value(value=value)], inputs=f"slices {value}")
        publisher.publish()
    ledger = publisher.workspace.ledger
    for path in ledger.rglob("event-*.parquet"):
        path.unlink()
    publisher.build([Value(value=30.0)], inputs="slices 30")
    publisher.publish()
    assert [row[0] for row in publisher.history()] == [10.0, 20.0, 30.0]


def test_event_that_was_swapped_in_but_not_committed_is_completed(publisher: Publisher) -> None:
    for value in (10.0, 20.0):
        publisher.build([Value(value=value)], inputs=f"slices {value}")
        publisher.publish()
    (publisher.workspace.ledger / "publications" / "event-00000002.parquet").unlink()
    publisher.build([Value(value=30.0)], inputs="slices 30")
    publisher.publish()
    assert [event.version for event in Ledger(publisher.workspace).events()] == [1, 2, 3]
    assert [row[:2] for row in publisher.history()] == [(10.0, 1), (20.0, 2), (30.0, 3)]


def test_ledger_of_a_newer_program_is_left_alone(publisher: Publisher) -> None:
    publisher.build([Value(value=10.0)])
    (publisher.workspace.ledger / "format.json").write_text('{"format_version": 3}')
    with pytest.raises(WorkspaceError, match=r"format 3.*update Sanjeh"):
        publisher.publish()
