"""Which days a landing makes anew: tables, shards, rewritten days, other exports, windows, renamed files."""

from __future__ import annotations

from datetime import date

import pytest

from tests.unit.ga4_events.conftest import World
from tests.unit.ga4_events.exports import Event, event, json_lines, parquet


def named(*names: str, day: int = 1) -> list[Event]:
    return [event(event_name=name, day=day) for name in names]


def events_of(world: World, day: int = 1) -> list[str]:
    return [
        name
        for (name,) in world.rows(
            f"select event_name from events where event_date = '2026-11-{day:02}' order by event_name"
        )
    ]


def test_the_daily_table_replaces_the_intraday_one(world: World) -> None:
    world.drop("events_intraday_20261101.parquet", parquet(named("a", "b")))
    world.landed()
    assert world.rows("select distinct table_kind from events") == [("intraday",)]
    world.drop("events_20261101.parquet", parquet(named("a", "b", "c")))
    world.landed()
    assert events_of(world) == ["a", "b", "c"]
    assert world.rows("select distinct table_kind from events") == [("daily",)]


def test_an_intraday_table_never_takes_a_day_back(world: World) -> None:
    world.drop("events_20261101.parquet", parquet(named("a", "b")))
    world.landed()
    world.drop("events_intraday_20261101.parquet", parquet(named("c")))
    [note] = world.landed().notes
    assert note == "events_intraday_20261101.parquet: 2026-11-01 is taken from events_20261101 in exports"
    world.remove("events_20261101.parquet")
    world.drop("events_intraday_20261101.parquet", parquet(named("c", "d")))
    world.landed()
    assert events_of(world) == ["a", "b"]
    assert world.days() == {"2026-11-01": (2, 1)}


def test_a_fresh_table_stands_between_intraday_and_daily(world: World) -> None:
    world.drop("events_intraday_20261101.parquet", parquet(named("i")))
    world.drop("events_fresh_20261101.parquet", parquet(named("f")))
    world.landed()
    assert events_of(world) == ["f"]
    world.drop("events_20261101.parquet", parquet(named("d")))
    world.landed()
    assert events_of(world) == ["d"]


def test_days_land_as_slices_of_their_own(world: World) -> None:
    for day in (1, 2, 3):
        world.drop(f"events_202611{day:02}.parquet", parquet(named("a", "b", day=day)))
    world.landed()
    world.drop("events_20261102.parquet", parquet(named("a", day=2)))
    landing = world.landed()
    assert (landing.files_read, landing.files_unchanged, landing.changed_slices) == (1, 2, 1)
    assert world.days() == {"2026-11-01": (2, 1), "2026-11-02": (1, 2), "2026-11-03": (2, 1)}


def test_shards_of_a_day_make_it_together(world: World) -> None:
    for shard, name in enumerate("abc"):
        world.drop(f"events_20261101-{shard:012}.parquet", parquet(named(name)))
    assert world.landed().files_read == 3
    assert events_of(world) == ["a", "b", "c"]
    world.drop("events_20261101-000000000003.parquet", parquet(named("d")))
    world.landed()
    assert events_of(world) == ["a", "b", "c", "d"]


def test_a_rewritten_day_takes_along_its_vanished_rows_and_shards(world: World) -> None:
    world.drop("events_20261101-000000000000.parquet", parquet(named("a", "b")))
    world.drop("events_20261101-000000000001.parquet", parquet(named("c")))
    world.landed()
    world.remove("events_20261101-000000000001.parquet")
    world.drop("events_20261101-000000000000.parquet", parquet(named("a", "late")))
    landing = world.landed()
    assert events_of(world) == ["a", "late"]
    assert landing.notes == (
        "events_20261101-000000000001.parquet is gone, and with it its events of 2026-11-01, whose other files changed",
    )
    world.drop("events_20261101-000000000001.parquet", parquet(named("c")))
    world.landed()
    assert events_of(world) == ["a", "c", "late"]


def test_files_that_are_taken_away_leave_their_days(world: World) -> None:
    world.drop("events_20261101-000000000000.parquet", parquet(named("a")))
    world.drop("events_20261101-000000000001.parquet", parquet(named("b")))
    world.drop("events_20261102.parquet", parquet(named("c", day=2)))
    world.landed()
    world.remove("events_20261101-000000000001.parquet")
    world.remove("events_20261102.parquet")
    landing = world.landed()
    assert (landing.files_read, landing.changed_slices) == (0, 0)
    assert world.days() == {"2026-11-01": (2, 1), "2026-11-02": (1, 1)}


def test_a_later_export_in_another_folder_replaces_the_day(world: World) -> None:
    for shard in (0, 1):
        world.drop(f"run=2026-11-02/events_20261101-{shard:012}.parquet", parquet(named(f"first_{shard}")))
    world.landed()
    world.drop("run=2026-11-04/events_20261101-000000000000.parquet", parquet(named("second_0")))
    world.drop("run=2026-11-04/events_20261101-000000000001.parquet", parquet(named("second_1")))
    world.landed()
    assert events_of(world) == ["second_0", "second_1"]
    [note] = world.source().check().notes
    assert note == "events_20261101 is there in 2 exports; the one that landed last counts"


def test_of_exports_that_land_together_the_last_by_name_counts(world: World) -> None:
    world.drop("run=2026-11-02/events_20261101.parquet", parquet(named("first")))
    world.drop("run=2026-11-04/events_20261101.parquet", parquet(named("second")))
    world.landed()
    assert events_of(world) == ["second"]


def test_the_same_files_change_nothing(world: World) -> None:
    content = parquet(named("a", "b"))
    world.drop("events_20261101-000000000000.parquet", content)
    world.drop("events_20261101-000000000001.parquet", parquet(named("c")))
    world.landed()
    world.drop("events_20261101-000000000000.parquet", content)
    world.drop("copy of events_20261101-000000000000.parquet", content)
    world.drop("elsewhere/events_20261101-000000000000.parquet", content)
    landing = world.landed()
    assert (landing.files_read, landing.files_unchanged, landing.rows) == (0, 2, 0)
    assert landing.notes == (
        "copy of events_20261101-000000000000.parquet is ignored: it holds the same bytes as "
        "events_20261101-000000000000.parquet",
        "elsewhere/events_20261101-000000000000.parquet is ignored: it holds the same bytes as "
        "events_20261101-000000000000.parquet",
    )
    assert world.days() == {"2026-11-01": (3, 1)}


def test_a_renamed_export_changes_nothing(world: World) -> None:
    content = parquet(named("a"))
    world.drop("events_20261101.parquet", content)
    world.landed()
    world.remove("events_20261101.parquet")
    world.drop("archive/events_20261101.parquet", content)
    assert world.landed().files_read == 0
    assert world.days() == {"2026-11-01": (1, 1)}


def test_a_day_without_events_is_empty_not_missing(world: World) -> None:
    world.drop("events_20261101.jsonl", b"")
    world.drop("events_20261102.parquet", parquet([]))
    world.drop("events_20261103.parquet", parquet(named("a", day=3)))
    landing = world.landed()
    assert world.days() == {"2026-11-01": (0, 1), "2026-11-02": (0, 1), "2026-11-03": (1, 1)}
    assert "events_20261101.jsonl: there are no events in it" in landing.notes
    world.drop("events_20261103.parquet", parquet([]))
    world.landed()
    assert world.days()["2026-11-03"] == (0, 2)
    assert world.landed().files_read == 0


@pytest.mark.parametrize(
    "name",
    [
        "events_20261101/part-00000-9f1c.snappy.parquet",
        "event_date=20261101/000000000000.parquet",
        "events/event_date=2026-11-01/data_0.parquet",
        "analytics_4711/events_20261101000000000000.parquet",
    ],
)
def test_the_table_may_be_named_by_a_folder(world: World, name: str) -> None:
    world.drop(name, parquet(named("a")))
    world.drop(name.replace("0.", "1.").replace("9f1c", "9f1d"), parquet(named("b")))
    world.landed()
    assert events_of(world) == ["a", "b"]
    world.drop(name, parquet(named("c")))
    assert world.landed().files_read == 2
    assert events_of(world) == ["b", "c"]


def test_a_folder_of_intraday_partitions_is_intraday(world: World) -> None:
    world.drop("events_intraday/event_date=2026-11-01/0.parquet", parquet(named("i")))
    world.drop("events/event_date=2026-11-01/0.parquet", parquet(named("d")))
    world.landed()
    assert events_of(world) == ["d"]


def test_the_table_may_be_named_by_the_fixed_part_of_the_path(world: World) -> None:
    world.drop("analytics_4711/events_intraday_20261101/0.parquet", parquet(named("a")))
    world.landed(path="exports/analytics_4711/events_intraday_20261101/*.parquet")
    assert world.rows("select table_kind, property_id from events") == [("intraday", "4711")]


def test_rows_say_the_days_of_a_file_without_a_table(world: World) -> None:
    world.drop("november.jsonl.gz", json_lines([*named("a", "b"), *named("c", day=3)], packed=True))
    world.landed()
    assert world.days() == {"2026-11-01": (2, 1), "2026-11-03": (1, 1)}
    world.drop("november.jsonl.gz", json_lines([*named("a", "x"), *named("d", day=4)], packed=True))
    world.landed()
    assert events_of(world) == ["a", "x"]
    assert world.days() == {"2026-11-01": (2, 2), "2026-11-04": (1, 2)}


def test_of_overlapping_dumps_each_day_comes_from_the_latest(world: World) -> None:
    world.drop("dump-2026-11-02.jsonl", json_lines([*named("old_1"), *named("old_2", day=2)]))
    world.landed()
    world.drop("dump-2026-11-03.parquet", parquet([*named("new_2", day=2), *named("new_3", day=3)]))
    world.landed()
    assert (events_of(world, 1), events_of(world, 2), events_of(world, 3)) == (
        ["old_1"],
        ["new_2"],
        ["new_3"],
    )
    world.drop("dump-2026-11-03.parquet", parquet(named("new_3", day=3)))
    world.landed()
    assert (events_of(world, 1), events_of(world, 2), events_of(world, 3)) == (
        ["old_1"],
        ["old_2"],
        ["new_3"],
    )


def test_shards_of_a_dump_are_united_day_by_day(world: World) -> None:
    world.drop("all-000000000000.parquet", parquet([*named("a"), *named("b", day=2)]))
    world.drop("all-000000000001.parquet", parquet([*named("c"), *named("d", day=3)]))
    world.landed()
    assert (events_of(world, 1), events_of(world, 2), events_of(world, 3)) == (["a", "c"], ["b"], ["d"])


def test_a_window_reads_the_days_in_it_again(world: World) -> None:
    for day in (1, 2, 3):
        world.drop(f"events_202611{day:02}.parquet", parquet(named("a", day=day)))
    world.landed()
    landing = world.landed(window=(date(2026, 11, 2), date(2026, 11, 9)))
    assert (landing.files_read, landing.files_unchanged, landing.changed_slices) == (2, 1, 0)
    assert world.days() == {f"2026-11-0{day}": (1, 1) for day in (1, 2, 3)}


def test_another_parameter_reads_unchanged_files_again(world: World) -> None:
    world.drop("events_20261101.parquet", parquet([event(params={"plan": "pro"})]))
    world.landed()
    assert world.landed(params=["plan"]).files_read == 1
    assert world.landed(params=["plan"], timezone="Asia/Tehran").files_read == 0


def test_many_small_days_share_a_file_of_the_raw_zone(world: World) -> None:
    for day in range(1, 29):
        world.drop(f"events_202611{day:02}.parquet", parquet(named("a", day=day)))
    assert world.landed().windows == 1
    assert len(list((world.root / "raw").rglob("*.parquet"))) == 1


def test_unfinished_files_are_left_alone_and_an_empty_folder_is_no_error(world: World) -> None:
    assert world.landed().notes == ("no file matches exports/**/*",)
    world.drop("events_20261101.parquet.part", b"PAR1")
    landing = world.landed()
    assert (landing.files_read, landing.files_left_alone) == (0, 1)
