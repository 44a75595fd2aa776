"""Small files of closed months and years become one, whatever landed before; slices and rows stay what they were."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.core import compaction
from connectors.core.compaction import Sizes, compact, plan_rewrite
from connectors.core.errors import RawZoneError
from connectors.core.manifest import Manifest
from connectors.core.raw_erasure import erase_rows
from connectors.core.raw_zone import RawZone, Replaces
from tests.unit.core.landings import CONTACTS, LOADED_AT, VISITS, land_contacts, land_days, read, stored_days

TODAY = date(2026, 11, 1)
REREADING = replace(VISITS, reread_days=30)


def compacted(zone: RawZone, today: date = TODAY, **how: Any) -> compaction.Compacted | None:
    return compact(zone.folder(VISITS, "web"), VISITS, today=today, temp=zone.temp, **how)


def land_each(zone: RawZone, *days: str) -> None:
    """A landing a day, as daily runs make them; the row of a day is the number of its load."""
    for load_id, day in enumerate(days, start=len(zone.slices()) + 1):
        land_days(zone, {day: [load_id]}, load_id=load_id)


SEPTEMBER = ("2026-09-01", "2026-09-02", "2026-09-03", "2026-09-29", "2026-09-30")


def files(zone: RawZone) -> list[tuple[str, str, int]]:
    """First and last slice of each listed file, and how many it holds."""
    return sorted(
        (min(entry.slices), max(entry.slices), len(entry.slices))
        for entry in zone.manifest(VISITS, "web").files.values()
    )


def but_files(manifest: Manifest) -> tuple[Mapping[str, Any], ...]:
    """What a compaction may not change."""
    slices = {key: replace(entry, file=None) for key, entry in manifest.slices.items()}
    return slices, manifest.inputs, manifest.removed, manifest.state, manifest.schema


def test_a_closed_year_and_closed_months_become_a_file_each_and_open_days_stay(zone: RawZone) -> None:
    land_each(zone, "2025-01-01", "2025-06-30", "2025-12-31", "2026-09-30", "2026-10-01", "2026-10-31")
    land_each(zone, "2026-11-01", "2026-11-02")
    before, rows = zone.manifest(VISITS, "web"), stored_days(zone)
    assert compacted(zone, date(2026, 11, 4)) is not None
    assert files(zone) == [
        ("2025-01-01", "2025-12-31", 3),
        ("2026-09-30", "2026-09-30", 1),
        ("2026-10-01", "2026-10-31", 2),
        ("2026-11-01", "2026-11-01", 1),
        ("2026-11-02", "2026-11-02", 1),
    ]
    assert stored_days(zone) == rows
    assert but_files(zone.manifest(VISITS, "web")) == but_files(before)
    assert compacted(zone, date(2026, 11, 4)) is None


def test_months_become_their_year_once_it_is_closed(zone: RawZone) -> None:
    land_each(zone, "2025-10-30", "2025-10-31", "2025-11-01", "2025-11-30", "2025-12-02")
    assert compacted(zone, date(2025, 12, 20)) is not None
    assert files(zone)[:2] == [("2025-10-30", "2025-10-31", 2), ("2025-11-01", "2025-11-30", 2)]
    assert compacted(zone, date(2026, 1, 1)) is not None
    assert files(zone) == [("2025-10-30", "2025-12-02", 5)]


def test_days_that_may_be_asked_for_again_keep_their_month_open(zone: RawZone) -> None:
    land_each(zone, "2026-09-28", "2026-09-30", "2026-10-02")
    folder = zone.folder(VISITS, "web")
    assert compact(folder, REREADING, today=date(2026, 10, 30), temp=zone.temp) is None
    assert compact(folder, REREADING, today=date(2026, 10, 31), temp=zone.temp) is not None
    assert files(zone)[0] == ("2026-09-28", "2026-09-30", 2)


def test_a_file_over_several_periods_is_taken_apart_when_a_part_of_it_meets_another(zone: RawZone) -> None:
    days = {"2024-12-31": [1], "2025-01-01": [2], "2026-09-30": [3], "2026-10-01": [4, 5]}
    land_days(zone, days, load_id=1)
    assert compacted(zone) is None
    land_days(zone, {"2026-09-29": [9]}, load_id=2)
    assert compacted(zone) is not None
    assert files(zone) == [
        ("2024-12-31", "2024-12-31", 1),
        ("2025-01-01", "2025-01-01", 1),
        ("2026-09-29", "2026-09-30", 2),
        ("2026-10-01", "2026-10-01", 1),
    ]
    expected = {day: (1, rows) for day, rows in days.items()} | {"2026-09-29": (2, [9])}
    assert stored_days(zone) == expected


def test_a_restated_slice_leaves_the_file_and_the_rest_of_it_stays(zone: RawZone) -> None:
    land_each(zone, *SEPTEMBER)
    compacted(zone)
    landed = land_days(zone, {"2026-09-02": [1000, 1001], "2026-09-03": [3]}, load_id=99)
    assert landed.changed_slices == ("2026-09-02",)
    assert stored_days(zone)["2026-09-02"] == (99, [1000, 1001])
    assert stored_days(zone)["2026-09-03"] == (3, [3])
    assert files(zone) == [("2026-09-01", "2026-09-30", 4), ("2026-09-02", "2026-09-02", 1)]
    assert compacted(zone) is not None
    assert files(zone) == [("2026-09-01", "2026-09-30", 5)]


def test_a_slice_that_is_emptied_or_dropped_leaves_the_file(zone: RawZone) -> None:
    land_each(zone, "2026-09-01", "2026-09-02", "2026-09-03", "2026-09-04", "2026-09-05")
    compacted(zone)
    window = Replaces.window(date(2026, 9, 2), date(2026, 9, 3))
    land_days(zone, {}, load_id=8, replaces=window)
    land_days(zone, {}, load_id=9, replaces=Replaces.slices({"2026-09-04"}))
    assert stored_days(zone) == {
        "2026-09-01": (1, [1]),
        "2026-09-02": (8, []),
        "2026-09-03": (3, [3]),
        "2026-09-05": (5, [5]),
    }
    assert [row.slice for row in zone.removed_slices()] == ["2026-09-04"]


def test_columns_of_all_layouts_are_kept(zone: RawZone) -> None:
    land_days(zone, {"2026-09-01": [1]}, load_id=1, extra=", 'x' as colour")
    land_days(zone, {"2026-09-02": [2]}, load_id=2)
    assert compacted(zone) is not None
    ((name, entry),) = zone.manifest(VISITS, "web").files.items()
    path = zone.folder(VISITS, "web") / name
    stored = duckdb.execute(f"select _slice, visits, colour from '{path}' order by 1").fetchall()
    assert stored == [("2026-09-01", 1, "x"), ("2026-09-02", 2, None)]
    assert zone.manifest(VISITS, "web").layouts[entry.schema_hash]["colour"] == "VARCHAR"
    # The hash is that of the landing, so that the same rows arriving again are known.
    assert land_days(zone, {"2026-09-02": [2]}, load_id=3).unchanged_slices == ("2026-09-02",)


def test_batches_without_days_count_on_the_day_they_landed(zone: RawZone) -> None:
    for load_id in (1, 2):
        land_contacts(
            zone,
            f"select '{load_id}' as contact_id, '00000{load_id}' as _slice, 'a.csv' as _file, 1::bigint as _line",
            load_id=load_id,
        )
    folder = zone.folder(CONTACTS, "crm")
    assert compact(folder, CONTACTS, today=date(2026, 11, 30), temp=zone.temp) is None
    assert compact(folder, CONTACTS, today=date(2026, 12, 1), temp=zone.temp) is not None
    assert len(zone.manifest(CONTACTS, "crm").files) == 1
    assert read(zone, "select contact_id, _load_id from raw.test__contacts order by 1") == [
        ("1", 1),
        ("2", 2),
    ]
    assert LOADED_AT.month == 11


def test_requests_are_kept_in_all_and_work_is_bounded(zone: RawZone) -> None:
    land_each(zone, *SEPTEMBER)
    one = next(iter(zone.manifest(VISITS, "web").files.values())).bytes
    done = compacted(zone, sizes=Sizes(work=3 * one))
    assert done is not None
    assert done.files_before <= 3
    calls = 1
    while compacted(zone, sizes=Sizes(work=3 * one)):
        calls += 1
        assert calls < 9
    assert files(zone) == [("2026-09-01", "2026-09-30", 5)]
    assert stored_days(zone)["2026-09-30"] == (5, [5])


def test_large_files_are_left_alone_and_none_is_made_too_large(zone: RawZone) -> None:
    land_each(zone, *SEPTEMBER, "2026-09-28")
    one = next(iter(zone.manifest(VISITS, "web").files.values())).bytes
    assert compacted(zone, sizes=Sizes(target=2.5 * one)) is not None
    assert [count for _, _, count in files(zone)] == [2, 2, 2]
    assert compacted(zone, sizes=Sizes(target=2.5 * one, small=10)) is None


def test_erasing_from_a_compacted_file_takes_the_rows_and_nothing_else(zone: RawZone) -> None:
    land_each(zone, *SEPTEMBER)
    compacted(zone)
    zone.collect_garbage()
    folder = zone.folder(VISITS, "web")
    erased = erase_rows(
        duckdb.connect(),
        folder,
        zone.manifest(VISITS, "web"),
        VISITS,
        condition="visits = 3",
        load_id=50,
        loaded_at=LOADED_AT,
    )
    assert erased == 1
    assert stored_days(zone)["2026-09-03"] == (50, [])
    assert stored_days(zone)["2026-09-29"] == (4, [4])
    (path,) = folder.glob("*.parquet")
    assert duckdb.execute(f"select count(*) from '{path}' where visits = 3").fetchall() == [(0,)]


def test_rows_that_would_differ_undo_it(zone: RawZone, monkeypatch: pytest.MonkeyPatch) -> None:
    land_each(zone, *SEPTEMBER[:3])
    before = zone.manifest(VISITS, "web")
    honest = compaction._write

    def spoiled(writer: Any, folder: Path, manifest: Manifest, *rest: Any) -> Any:
        swapped = {"2026-09-01": "2026-09-02", "2026-09-02": "2026-09-01"}
        new_files = honest(writer, folder, manifest, *rest)
        con = duckdb.connect()
        for each in new_files:
            path = folder / each.name
            con.execute(f"create or replace table t as from '{path}'")
            for old, new in swapped.items():
                con.execute(f"update t set _slice = '{new}!' where _slice = '{old}'")
            con.execute(
                f"copy (select * replace (rtrim(_slice, '!') as _slice) from t) to '{path}' (format parquet)"
            )
        return new_files

    monkeypatch.setattr(compaction, "_write", spoiled)
    with pytest.raises(RawZoneError, match="slice 2026-09-01 would not hold the rows"):
        compacted(zone)
    assert zone.manifest(VISITS, "web") == before
    assert stored_days(zone)["2026-09-01"] == (1, [1])
    assert len(list(zone.folder(VISITS, "web").glob("*.parquet"))) == 3


def test_a_file_that_is_gone_is_said_and_changes_nothing(zone: RawZone) -> None:
    land_each(zone, *SEPTEMBER[:3])
    before = zone.manifest(VISITS, "web")
    next(iter(zone.folder(VISITS, "web").glob("*.parquet"))).unlink()
    with pytest.raises(RawZoneError, match="cannot be read"):
        compacted(zone)
    assert zone.manifest(VISITS, "web") == before


_KILLED = """
import os, signal, sys
from datetime import date
from pathlib import Path
from connectors.core import compaction, manifest, parquet
from tests.unit.core.landings import VISITS

def dying(name, module, when):
    honest = getattr(module, name)
    def die(*args, **kwargs):
        if when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        honest(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(module, name, die)

moment, folder, temp = sys.argv[1:]
name, module, when = {
    "while the file is written": ("sync_file", parquet, "before"),
    "after the file": ("_require_same", compaction, "before"),
    "before the manifest": ("write_atomically", manifest, "before"),
    "while the manifest is aside": ("replace", Path, "before"),
    "after the manifest": ("replace", Path, "after"),
}[moment]
dying(name, module, when)
compaction.compact(Path(folder), VISITS, today=date(2026, 11, 1), temp=Path(temp))
"""


@pytest.mark.parametrize(
    "moment",
    [
        "while the file is written",
        "after the file",
        "before the manifest",
        "while the manifest is aside",
        "after the manifest",
    ],
)
def test_killed_at_any_moment_it_was_done_or_not_and_the_next_goes_on(zone: RawZone, moment: str) -> None:
    land_each(zone, *SEPTEMBER)
    before, rows = zone.manifest(VISITS, "web"), stored_days(zone)
    folder = zone.folder(VISITS, "web")
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, moment, str(folder), str(zone.temp)],
        check=False,
        cwd=Path(__file__).parents[3],
        env={**os.environ, "PYTHONPATH": "."},
    )
    assert done.returncode == -signal.SIGKILL
    assert stored_days(zone) == rows
    zone.verify()
    assert but_files(zone.manifest(VISITS, "web")) == but_files(before)
    assert (zone.manifest(VISITS, "web") == before) == (moment != "after the manifest")
    zone.collect_garbage()
    assert stored_days(zone) == rows
    compacted(zone)
    zone.collect_garbage()
    assert files(zone) == [("2026-09-01", "2026-09-30", 5)]
    assert len(list(folder.glob("*.parquet"))) == 1
    assert not list(zone.temp.iterdir())
    assert stored_days(zone) == rows


_FIRST = date(2025, 12, 20)
_DAYS = st.integers(0, 60).map(lambda offset: (_FIRST + timedelta(days=offset)).isoformat())
_STEP = st.one_of(
    st.tuples(
        st.just("land"),
        st.dictionaries(_DAYS, st.lists(st.integers(0, 3), min_size=1, max_size=2), max_size=5),
    ),
    st.tuples(st.just("drop"), st.frozensets(_DAYS, max_size=4)),
    st.tuples(st.just("compact"), st.integers(0, 80)),
    st.tuples(st.just("collect"), st.none()),
)


@settings(max_examples=8, deadline=None)
@given(st.lists(_STEP, min_size=2, max_size=7))
def test_compaction_between_landings_is_never_seen(steps: list[tuple[str, Any]]) -> None:
    """Two zones, of which one is compacted now and then, say the same after every step."""
    with tempfile.TemporaryDirectory() as folder:
        plain, packed = (
            RawZone(Path(folder) / name / "raw", temp=Path(folder) / name / "temp", pii=None)
            for name in ("plain", "packed")
        )
        for load_id, (kind, what) in enumerate(steps, start=1):
            if kind == "land":
                assert land_days(plain, what, load_id=load_id).changed_slices == (
                    land_days(packed, what, load_id=load_id).changed_slices
                )
            elif kind == "drop":
                for zone in (plain, packed):
                    land_days(zone, {}, load_id=load_id, replaces=Replaces.slices(what))
            elif kind == "compact":
                compacted(packed, _FIRST + timedelta(days=what))
            else:
                packed.collect_garbage()
            manifests = [zone.manifest(VISITS, "web") for zone in (plain, packed)]
            assert but_files(manifests[0]) == but_files(manifests[1])
            if plain.root.exists():
                assert stored_days(plain) == stored_days(packed)
        last = _FIRST + timedelta(days=500)
        if compacted(packed, last):
            assert plan_rewrite(packed.manifest(VISITS, "web"), last) is None
