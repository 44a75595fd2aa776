"""What a second landing does: same, corrected, overlapping, renamed and unfinished files."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from connectors.core.errors import SourceDataError
from tests.unit.files.conftest import World

ORDERS = "Order ID,Date,Subtotal\n1,2026-11-01,10\n2,2026-11-02,20\n"
TRAFFIC = "date,sessions\n2026-11-01,10\n2026-11-02,20\n"


def totals(world: World) -> list[tuple[object, ...]]:
    return world.rows("select date, sessions, _file from raw.web__traffic order by 1, 3")


def test_a_file_dropped_twice_lands_once(world: World) -> None:
    world.drop("a.csv", ORDERS)
    world.land("orders_file")
    world.drop("a.csv", ORDERS)
    world.drop("copy of a.csv", ORDERS)
    [again] = world.land("orders_file")
    assert (again.files_read, again.files_unchanged, again.rows) == (0, 1, 0)
    assert any("same bytes as a.csv" in note for note in again.notes)
    assert world.rows("select count(*), max(_load_id) from raw.orders__orders") == [(2, 1)]


def test_a_corrected_file_replaces_its_rows_and_drops_those_that_are_gone(world: World) -> None:
    world.drop("a.csv", ORDERS)
    world.drop(
        "b.csv", ORDERS.replace("1,", "3,", 1).replace("2,", "4,", 1).replace("2026-11-0", "2026-11-1")
    )
    world.land("orders_file")
    world.drop("a.csv", "Order ID,Date,Subtotal\n1,2026-11-01,11\n")
    world.land("orders_file")
    assert world.rows("select order_id, goods_amount::int, _load_id from raw.orders__orders order by 1") == [
        ("1", 11, 2),
        ("3", 10, 1),
        ("4", 20, 1),
    ]


def test_a_day_of_a_later_file_replaces_that_day_only(world: World) -> None:
    world.drop("a.csv", TRAFFIC)
    world.land("ravand_file")
    world.drop("b.csv", "date,sessions\n2026-11-02,99\n2026-11-03,30\n")
    world.land("ravand_file")
    expected = [
        (date(2026, 11, 1), 10, "a.csv"),
        (date(2026, 11, 2), 99, "b.csv"),
        (date(2026, 11, 3), 30, "b.csv"),
    ]
    assert totals(world) == expected


def test_files_that_overlap_in_one_landing_do_not_double_a_day(world: World) -> None:
    world.drop("a.csv", TRAFFIC)
    world.drop("b.csv", "date,sessions\n2026-11-02,99\n")
    [landing] = world.land("ravand_file")
    assert [row[1] for row in totals(world)] == [10, 99]
    assert any("2026-11-02 is taken from b.csv" in note for note in landing.notes)


def test_a_day_that_a_corrected_file_gives_up_is_its_neighbours_again(world: World) -> None:
    world.drop("a.csv", TRAFFIC)
    world.drop("b.csv", "date,sessions\n2026-11-02,99\n2026-11-03,30\n")
    world.land("ravand_file")
    world.drop("b.csv", "date,sessions\n2026-11-03,31\n")
    world.land("ravand_file")
    assert [row[1:] for row in totals(world)] == [(10, "a.csv"), (20, "a.csv"), (31, "b.csv")]


def test_a_corrected_mapping_reads_unchanged_files_again(world: World) -> None:
    world.drop("a.csv", "Order ID,Date,Subtotal\n1,02/11/2026,10\n")
    world.land("orders_file", date_format="%d/%m/%Y")
    world.land("orders_file", date_format="%m/%d/%Y")
    assert world.rows("select cast(ordered_at as date) from raw.orders__orders") == [(date(2026, 2, 11),)]


def test_a_window_reads_the_files_that_cover_it_again(world: World) -> None:
    world.drop("a.csv", ORDERS)
    world.drop("b.csv", ORDERS.replace("2026-11", "2026-12"))
    world.land("orders_file")
    [landing] = world.land("orders_file", window=(date(2026, 12, 2), date(2026, 12, 31)))
    assert (landing.files_read, landing.files_unchanged, landing.changed_slices) == (1, 1, 0)


@pytest.mark.parametrize("name", ["a.csv.part", "a.tmp", ".a.csv", "~$a.xlsx"])
def test_files_named_as_unfinished_are_left_alone(world: World, name: str) -> None:
    world.drop(name, ORDERS)
    [landing] = world.land("orders_file", path="exports/*")
    assert (landing.files_read, landing.files_left_alone) == (0, 1)


def test_a_file_that_grows_at_the_second_look_is_left_alone(world: World) -> None:
    path = world.drop("a.csv", ORDERS)
    os.utime(path, (1_800_000_000, 1_800_000_000))
    world.on_wait = lambda: grow(path)
    [landing] = world.land("orders_file")
    assert landing.files_left_alone == 1
    assert any("still being written" in note for note in landing.notes)


def test_a_young_file_that_stands_still_is_read(world: World) -> None:
    path = world.drop("a.csv", ORDERS)
    os.utime(path, (1_800_000_000, 1_800_000_000))
    [landing] = world.land("orders_file")
    assert landing.files_read == 1
    assert world.waits


def test_a_missing_folder_is_an_error_and_an_empty_one_is_not(world: World) -> None:
    with pytest.raises(SourceDataError, match="does not exist"):
        world.land("orders_file", path="exports/orders/*.csv")
    [landing] = world.land("orders_file")
    assert landing.notes == ("no file matches exports/*",)


def grow(path: Path) -> None:
    with path.open("a") as stream:
        stream.write("3,2026-11-03,30\n")
