"""The event benchmark at small size: both sides say the same in every cell, and what the generator knows.

The last day comes in a refresh of its own, so that sessions over the last midnight are joined by the
incremental models; after it, a build from nothing must give the same facts.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from benchmarks.event_sizes import SizedExport
from benchmarks.generators.events import EventExport, EventGenerator
from benchmarks.hand_written_events import differing_cells, write_facts

pytestmark = pytest.mark.slow


def test_pipeline_and_hand_written_sql_say_what_was_generated(tmp_path: Path) -> None:
    export = SizedExport(tmp_path / "small", EventExport(events=20_000, days=9))
    export.prepare()
    export.first()
    export.next_day()
    export.require_answers()
    build_db = export.workspace.build_db
    with duckdb.connect(str(build_db), read_only=True) as con:
        ((salt,),) = con.execute("select customer_salt from control.brands").fetchall()
        ((midnight,),) = con.execute(
            "select count(*) from intermediate.int_event_sessions where first_slice < last_slice"
        ).fetchall()
        ((repeats,),) = con.execute(
            "select (select count(*) from raw.ga4_events__events where traffic_type is null) "
            "- (select sum(events) from intermediate.int_event_session_days)"
        ).fetchall()
    hand = tmp_path / "hand_written.duckdb"
    write_facts(export.workspace.exports, hand, salt=salt)
    assert differing_cells(hand, build_db) == {}
    assert midnight > 0
    assert repeats > 0


def test_same_seed_gives_same_rows_and_another_gives_others(tmp_path: Path) -> None:
    digests = []
    for name, seed in (("first", 7), ("second", 7), ("other", 8)):
        generator = EventGenerator(EventExport(events=2_000, days=2, seed=seed), tmp_path / name)
        generator.write()
        found = duckdb.sql(
            f"select count(*), sum(hash(e)::hugeint) from read_parquet('{tmp_path / name}/*/*.parquet') as e"
        ).fetchall()
        digests.append(found)
    assert digests[0] == digests[1]
    assert digests[0] != digests[2]
