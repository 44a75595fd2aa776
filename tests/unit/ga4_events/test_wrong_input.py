"""Files that can't be read: what the message says, and that the days they are about stay as they were."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import pyarrow as pa
import pytest

from connectors.core.errors import PersonalDataError, SourceDataError
from connectors.core.pii import Pseudonymiser
from connectors.core.raw_zone import RawZone
from tests.unit.ga4_events.conftest import World
from tests.unit.ga4_events.exports import NOON, SCHEMA, event, json_lines, parquet, without

GOOD = json_lines([event(), event()])


def refused(world: World, name: str, content: bytes) -> str:
    """The message about a file that replaces a good one of its day, which has to stay."""
    world.drop("events_20261102.parquet", parquet([event(day=2)]))
    packed = name.endswith(".gz")
    world.drop(
        name, parquet([event()]) if name.endswith(".parquet") else json_lines([event()], packed=packed)
    )
    world.landed()
    world.drop(name, content)
    world.drop("events_20261102.parquet", parquet([event(day=2), event(day=2)]))
    landing = world.land()
    assert landing.error is not None
    assert landing.rows == 2
    assert world.days() == {"2026-11-01": (1, 1), "2026-11-02": (2, 2)}
    assert str(world.root / "exports" / name) in landing.error
    assert "what was stored before is unchanged" in landing.error
    return landing.error


def test_a_truncated_parquet_file(world: World) -> None:
    message = refused(world, "events_20261101.parquet", parquet([event()])[:-20])
    assert "is no complete Parquet file" in message


def test_a_parquet_file_with_a_damaged_page(world: World) -> None:
    content = bytearray(parquet([event(event_name=f"name {n}") for n in range(500)]))
    content[40:400] = b"\0" * 360
    message = refused(world, "events_20261101.parquet", bytes(content))
    assert "is no complete Parquet file" in message


@pytest.mark.parametrize(
    ("tail", "line", "reason"),
    [
        (b'\n\n{"event_date":"20261101","event_na', 5, "no complete JSON object"),
        (b"7\n", 3, "it holds a number or null, not an event"),
        (
            b'{"event_date":"20261101","device":"mobile"}\n',
            3,
            "device holds a text, but the export has a record there",
        ),
        (
            b'{"event_date":"20261101","event_params":{"a":1}}\n',
            3,
            "event_params is no list of keys and values",
        ),
        ('{"event_name":"سلام"}\n'.encode("cp1256"), 3, "not UTF-8"),
        (b'{"event_date":"20261101","event_name":"x"}\n', 3, "event_timestamp is missing or no whole number"),
        (b'\n{"event_date":"20261101","event_timestamp":"1"}\n', 4, "event_name is missing"),
        (
            b'{"event_date":"1 Nov","event_timestamp":"1","event_name":"x"}\n',
            3,
            "event_date is no day (YYYYMMDD)",
        ),
    ],
)
def test_a_broken_line_is_named(world: World, tail: bytes, line: int, reason: str) -> None:
    message = refused(world, "events_20261101.jsonl", GOOD + tail)
    assert f"events_20261101.jsonl, line {line}: " in message
    assert reason in message


def test_a_gzip_file_that_was_cut_off(world: World) -> None:
    content = json_lines([event(event_name=f"n{n}") for n in range(1000)], packed=True)
    assert "can't be read to its end" in refused(
        world, "events_20261101.json.gz", content[: len(content) // 2]
    )


def test_a_json_array_is_no_json_lines(world: World) -> None:
    message = refused(world, "events_20261101.json", b"[" + GOOD.replace(b"\n", b",")[:-1] + b"]")
    assert "bq extract --destination_format NEWLINE_DELIMITED_JSON" in message


def test_a_row_of_another_day_than_the_table(world: World) -> None:
    rows = [event(), event(day=6)]
    message = refused(world, "events_20261101.parquet", parquet(rows))
    assert "line 2: 2026-11-06 is its event_date, but the file belongs to events_20261101" in message
    world.remove("events_20261101.parquet")
    world.drop("some_days.parquet", parquet(rows))
    world.landed()
    assert world.days() == {"2026-11-01": (1, 1), "2026-11-02": (2, 2), "2026-11-06": (1, 3)}


def test_moments_that_are_no_microseconds(world: World) -> None:
    message = refused(world, "events_20261101.parquet", parquet([event(event_timestamp=NOON // 1000)]))
    assert "no microseconds" in message


@pytest.mark.parametrize("name", ["event_timestamp", "event_name", "event_params"])
def test_a_table_that_is_no_export(world: World, name: str) -> None:
    message = refused(world, "events_20261101.parquet", parquet([event()], schema=without(SCHEMA, name)))
    assert f"has no column {name}, so it is no raw event export" in message


def test_a_record_that_was_exported_as_text(world: World) -> None:
    position = SCHEMA.get_field_index("device")
    schema = SCHEMA.set(position, pa.field("device", pa.string()))
    message = refused(world, "events_20261101.parquet", parquet([event(device="{}")], schema=schema))
    assert "device is VARCHAR, but the export has a record there" in message


def test_a_moment_that_was_exported_as_a_timestamp(world: World) -> None:
    position = SCHEMA.get_field_index("event_timestamp")
    schema = SCHEMA.set(position, pa.field("event_timestamp", pa.timestamp("us")))
    message = refused(world, "events_20261101.parquet", parquet([event()], schema=schema))
    assert "event_timestamp is TIMESTAMP, but the export has a value of type integer there" in message


def test_a_file_of_another_kind(world: World) -> None:
    message = refused(world, "events_20261101.csv.json", b"event_date,event_name\n")
    assert "line 1: it is no complete JSON object" in message
    world.drop("events_20261103.csv", b"event_date,event_name\n")
    error = world.land().error
    assert error is not None
    assert "files that end in .csv can't be read as GA4 events" in error


def test_a_broken_file_stops_its_own_day_only_and_lands_when_mended(world: World) -> None:
    for day in (1, 2, 3):
        world.drop(f"events_202611{day:02}.parquet", parquet([event(day=day)]))
    world.drop("events_20261102.parquet", b"PAR1")
    landing = world.land()
    assert landing.error is not None
    assert landing.error.count("is no complete Parquet file") == 1
    assert world.days().keys() == {"2026-11-01", "2026-11-03"}
    world.drop("events_20261102.parquet", parquet([event(day=2)]))
    assert world.landed().files_read == 1
    assert world.days().keys() == {"2026-11-01", "2026-11-02", "2026-11-03"}


def test_a_broken_file_without_a_table_stops_before_anything_lands(world: World) -> None:
    world.drop("a_dump.jsonl", b'{"event_date":')
    world.drop("events_20261102.parquet", parquet([event(day=2)]))
    with pytest.raises(SourceDataError, match=r"a_dump.jsonl, line 1: it is no complete JSON object"):
        world.land()
    assert world.days() == {}


def test_user_ids_need_a_key(world: World) -> None:
    world.zone = RawZone(world.root / "raw", temp=world.root / "temp", pii=None)
    world.drop("events_20261101.parquet", parquet([event()]))
    world.landed()
    world.drop("events_20261102.parquet", parquet([event(day=2, user_id="17")]))
    with pytest.raises(PersonalDataError, match=r"user_id: leave_out"):
        world.land()
    assert world.days() == {"2026-11-01": (1, 1)}
    assert world.landed(user_id="leave_out").rows == 2


def test_two_properties_are_no_one_source(world: World) -> None:
    world.drop("analytics_1/events_20261101.parquet", parquet([event()]))
    world.drop("analytics_2/events_20261101.parquet", parquet([event()]))
    with pytest.raises(SourceDataError, match=r"several GA4 properties \(1, 2\)"):
        world.land()
    assert world.source().check().problems
    assert world.landed(path="exports/analytics_2/*").rows == 1


def test_a_missing_folder(world: World) -> None:
    with pytest.raises(SourceDataError, match="does not exist"):
        world.land(path="exports/nowhere/*.parquet")
    assert world.source(path="exports/nowhere/*.parquet").check().problems


def test_a_check_names_every_file_that_can_not_be_read(world: World) -> None:
    world.drop("events_20261101.parquet", b"PAR1")
    world.drop("events_20261102.json", b"[]")
    world.drop("events_20261103.parquet", parquet([event(day=3)]))
    check = world.source().check()
    assert check.summary == "3 files, tables of 2026-11-01 to 2026-11-03"
    assert len(check.problems) == 2
    assert not check.ok


def die_while_reading(root: Path) -> None:
    """Lands day 1 and 2 in one batch and ends the process, as kill -9 does, before the batch is committed."""
    world = World(
        root, RawZone(root / "raw", temp=root / "temp", pii=Pseudonymiser(key=b"k" * 32)), load_id=1
    )
    world.land(progress=killer("events_20261102"))


def killer(name: str) -> Callable[[str], None]:
    """Ends this process once a file of that name is read."""

    def progress(text: str) -> None:
        if name in text:
            import os  # noqa: PLC0415 - only the process that dies needs them
            import signal  # noqa: PLC0415

            os.kill(os.getpid(), signal.SIGKILL)

    return progress


def test_a_landing_that_is_killed_leaves_the_days_as_they_were(world: World) -> None:
    world.drop("events_20261101.parquet", parquet([event()]))
    world.landed()
    world.drop("events_20261101.parquet", parquet([event(), event()]))
    world.drop("events_20261102.parquet", parquet([event(day=2)]))
    process = get_context("spawn").Process(target=die_while_reading, args=(world.root,))
    process.start()
    process.join()
    assert process.exitcode == -9
    assert world.days() == {"2026-11-01": (1, 1)}
    assert world.zone.collect_garbage() > 0
    assert world.landed().rows == 3
    assert world.days() == {"2026-11-01": (2, 2), "2026-11-02": (1, 2)}


def test_of_many_broken_files_the_first_are_named(world: World) -> None:
    for day in range(1, 9):
        world.drop(f"events_202611{day:02}.parquet", b"PAR1")
    error = world.land().error
    assert error is not None
    assert [f"events_202611{day:02}" in error for day in range(1, 9)] == [True] * 5 + [False] * 3
    assert error.endswith("3 more files or days can't be read.")
