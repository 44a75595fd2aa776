"""Schemas that differ between exports and over the years: what is missing is null, what is new is told once."""

from __future__ import annotations

import pyarrow as pa

from tests.unit.ga4_events.conftest import World
from tests.unit.ga4_events.exports import PARAM, SCHEMA, VALUE, event, json_lines, parquet, without

OLDEST = pa.schema(
    [
        ("event_date", pa.string()),
        ("event_timestamp", pa.int64()),
        ("event_name", pa.string()),
        ("event_params", pa.list_(pa.struct([("key", pa.string()), ("value", VALUE)]))),
        ("user_pseudo_id", pa.string()),
    ]
)


def test_what_an_older_schema_lacks_is_null(world: World) -> None:
    world.drop("events_20261101.parquet", parquet([event(params={"source": "x"})], schema=OLDEST))
    world.drop("events_20261102.parquet", parquet([event(day=2, platform="WEB", is_active_user=True)]))
    world.landed()
    assert world.rows(
        "select source, user_pseudo_id, platform, is_active_user, country, purchase_revenue from events "
        "order by event_date"
    ) == [("x", "182.17", None, None, None, None), (None, "182.17", "WEB", True, None, None)]


def test_a_record_that_lacks_a_field_is_null_there(world: World) -> None:
    position = SCHEMA.get_field_index("session_traffic_source_last_click")
    only_manual = pa.struct([("manual_campaign", pa.struct([("source", pa.string())]))])
    schema = SCHEMA.set(position, pa.field("session_traffic_source_last_click", only_manual))
    manual = {"manual_campaign": {"source": "x"}}
    world.drop(
        "events_20261101.parquet", parquet([event(session_traffic_source_last_click=manual)], schema=schema)
    )
    world.landed()
    assert world.rows("select session_source, session_default_channel_group from events") == [(None, None)]


def test_values_without_a_field_for_fractions_are_read(world: World) -> None:
    value = pa.struct([("string_value", pa.string()), ("int_value", pa.int64())])
    position = SCHEMA.get_field_index("event_params")
    params = pa.list_(pa.struct([("key", pa.string()), ("value", value)]))
    schema = SCHEMA.set(position, pa.field("event_params", params))
    world.drop("events_20261101.parquet", parquet([event(params={"value": 5})], schema=schema))
    world.landed()
    assert world.rows("select event_value from events") == [(5,)]


def test_a_day_left_to_the_folder_is_taken_from_it(world: World) -> None:
    schema = without(SCHEMA, "event_date")
    world.drop("event_date=2026-11-01/part-0.parquet", parquet([event()], schema=schema))
    world.landed()
    assert world.days() == {"2026-11-01": (1, 1)}


def test_a_day_may_be_a_date(world: World) -> None:
    schema = SCHEMA.set(0, pa.field("event_date", pa.date32()))
    row = {**event(), "event_date": 20_758}
    world.drop("dump.parquet", pa_dates(row, schema))
    world.landed()
    assert world.days() == {"2026-11-01": (1, 1)}


def test_columns_that_are_new_are_told_once_and_not_landed(world: World) -> None:
    schema = SCHEMA.append(pa.field("ai_summary", pa.string()))
    for day in (1, 2):
        world.drop(f"events_2026110{day}.parquet", parquet([event(day=day, ai_summary="x")], schema=schema))
    world.drop("events_20261103.jsonl", json_lines([event(day=3, ai_summary="x", brand_new={"a": 1})]))
    assert world.source().check().notes == (
        "columns that are new in the export are not landed: ai_summary, brand_new",
    )
    assert world.landed().notes == (
        "events_20261101.parquet: columns that are new in the export are not landed: ai_summary",
        "events_20261103.jsonl: columns that are new in the export are not landed: brand_new",
    )
    world.drop("events_20261104.parquet", parquet([event(day=4, ai_summary="x")], schema=schema))
    landing = world.landed()
    assert (landing.notes, landing.new_columns) == ((), ())


def test_a_good_workspace_checks_without_a_word(world: World) -> None:
    world.drop("events_20261101.parquet", parquet([event()]))
    check = world.source().check()
    assert (check.ok, check.summary, check.notes) == (True, "1 file, tables of 2026-11-01 to 2026-11-01", ())
    assert check.personal_columns == ()


def test_parameters_without_a_key_are_passed_over(world: World) -> None:
    row = event(params={"source": "x"})
    row["event_params"].insert(0, {"key": None, "value": {"string_value": "?"}})
    row["event_params"].insert(1, {"key": "medium", "value": None})
    schema = SCHEMA.set(SCHEMA.get_field_index("event_params"), pa.field("event_params", pa.list_(PARAM)))
    world.drop("events_20261101.parquet", parquet([row, event(event_params=None)], schema=schema))
    world.landed()
    assert world.rows("select source, medium from events order by _line") == [("x", None), (None, None)]


def pa_dates(row: dict[str, object], schema: pa.Schema) -> bytes:
    """A file of ``row``, whose day is counted from 1970."""
    days = pa.array([row["event_date"]], pa.int32()).cast(pa.date32())
    return parquet([{**row, "event_date": days[0].as_py()}], schema=schema)
