"""What a landing stores, keeps, replaces and refuses."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from connectors.core.errors import PersonalDataError, SchemaError, SourceDataError, TransientError
from connectors.core.raw_zone import RawZone, Replaces
from connectors.registry import STREAMS
from tests.unit.core.landings import (
    CONTACTS,
    LOADED_AT,
    VISITS,
    land_contacts,
    land_days,
    read,
    stored_days,
)


def test_rows_appear_in_the_view_with_their_system_columns(zone: RawZone) -> None:
    land_days(zone, {"2026-11-01": [3, 4]}, load_id=7)
    rows = read(zone, "select visits, _source, _brand, _slice, _is_deleted, _load_id from raw.test__visits")
    assert sorted(rows) == [(each, "web", "acme", "2026-11-01", False, 7) for each in (3, 4)]


def test_views_of_streams_without_files_have_all_columns_and_no_rows(zone: RawZone) -> None:
    con = duckdb.connect()
    zone.create_views(con, STREAMS.values())
    for stream in STREAMS.values():
        described = con.execute(f"describe raw.{stream.view}").fetchall()
        assert [(row[0], row[1]) for row in described] == list(stream.landed_columns)
        assert con.execute(f"select count(*) from raw.{stream.view}").fetchall() == [(0,)]


def test_an_unchanged_slice_keeps_its_file_and_load_id(zone: RawZone) -> None:
    land_days(zone, {"2026-11-01": [1, 2], "2026-11-02": [3]}, load_id=1)
    before = zone.manifest(VISITS, "web")
    landed = land_days(zone, {"2026-11-01": [1, 2], "2026-11-02": [3]}, load_id=2)
    assert landed.unchanged_slices == ("2026-11-01", "2026-11-02")
    assert (landed.rows, landed.changed_slices, landed.bytes) == (0, (), 0)
    assert zone.manifest(VISITS, "web") == before


def test_a_changed_day_leaves_the_others_of_its_file_as_they_were(zone: RawZone) -> None:
    land_days(zone, {"2026-11-01": [1], "2026-11-02": [2], "2026-11-03": [3]}, load_id=1)
    land_days(zone, {"2026-11-02": [20, 21]}, load_id=2)
    assert stored_days(zone) == {"2026-11-01": (1, [1]), "2026-11-02": (2, [20, 21]), "2026-11-03": (1, [3])}


def test_days_of_the_window_without_rows_are_empty_slices(zone: RawZone) -> None:
    land_days(zone, {"2026-11-01": [1], "2026-11-02": [2], "2026-11-05": [5]}, load_id=1)
    window = Replaces.window(date(2026, 11, 1), date(2026, 11, 4))
    landed = land_days(zone, {"2026-11-01": [1]}, load_id=2, replaces=window)
    assert landed.changed_slices == ("2026-11-02", "2026-11-03")
    expected = {"2026-11-01": (1, [1]), "2026-11-02": (2, []), "2026-11-03": (2, []), "2026-11-05": (1, [5])}
    assert stored_days(zone) == expected
    entry = zone.manifest(VISITS, "web").slices["2026-11-03"]
    assert (entry.file, entry.window_start, entry.window_end) == (None, date(2026, 11, 3), date(2026, 11, 4))


def test_named_slices_are_dropped_and_remembered_until_they_come_back(zone: RawZone) -> None:
    land_days(zone, {"2026-11-01": [1], "2026-11-02": [2]}, load_id=1)
    landed = land_days(zone, {}, load_id=2, replaces=Replaces.slices({"2026-11-02", "never"}))
    assert landed.removed_slices == ("2026-11-02",)
    assert [(row.slice, row.load_id) for row in zone.removed_slices()] == [("2026-11-02", 2)]
    assert stored_days(zone) == {"2026-11-01": (1, [1])}
    land_days(zone, {"2026-11-02": [2]}, load_id=3)
    assert zone.removed_slices() == []


def test_nothing_exists_before_commit(zone: RawZone) -> None:
    with zone.landing(VISITS, source="web", brand="acme", load_id=1, loaded_at=LOADED_AT) as landing:
        landing.stage("select date '2026-11-01' as date, 'a' as page, 1 as visits, '2026-11-01' as _slice")
    assert not zone.root.exists()
    assert list(zone.temp.iterdir()) == []


def test_a_new_column_lands_as_text_and_is_reported_once(zone: RawZone) -> None:
    land_days(zone, {"2026-11-01": [1]}, load_id=1)
    landed = land_days(zone, {"2026-11-02": [2]}, load_id=2, extra=", 1.5 as bounce")
    assert landed.new_columns == ("bounce",)
    assert land_days(zone, {"2026-11-03": [2]}, load_id=3, extra=", 1.5 as bounce").new_columns == ()
    land_days(zone, {"2026-11-01": [9]}, load_id=4)
    assert [day for day, _ in stored_days(zone).items()] == ["2026-11-01", "2026-11-02", "2026-11-03"]


@pytest.mark.parametrize(
    "select",
    [
        "select date '2026-11-02' as date, 'a' as page, '2026-11-02' as _slice",
        "select date '2026-11-02' as date, 'a' as page, 'many' as visits, '2026-11-02' as _slice",
        "select date '2026-11-02' as date, 'a' as page, 1.5 as visits, '2026-11-02' as _slice",
    ],
)
def test_a_vanished_or_retyped_column_is_named_and_the_old_data_stays(zone: RawZone, select: str) -> None:
    land_days(zone, {"2026-11-01": [1]}, load_id=1)
    with (
        pytest.raises(SchemaError, match="visits") as caught,
        zone.landing(VISITS, source="web", brand="acme", load_id=2, loaded_at=LOADED_AT) as landing,
    ):
        landing.stage(select)
        landing.commit(replaces=Replaces.nothing(), window=None)
    assert caught.value.column == "visits"
    assert stored_days(zone) == {"2026-11-01": (1, [1])}


def test_a_connector_may_say_which_columns_it_expects(zone: RawZone) -> None:
    land_days(zone, {"2026-11-01": [1]}, load_id=1)
    with zone.landing(
        VISITS, source="web", brand="acme", load_id=2, loaded_at=LOADED_AT, expects=["page"]
    ) as landing:
        landing.stage("select date '2026-11-02' as date, 'a' as page, '2026-11-02' as _slice")
        landed = landing.commit(replaces=Replaces.nothing(), window=None)
    assert landed.changed_slices == ("2026-11-02",)


def test_a_row_without_a_required_value_stops_the_landing(zone: RawZone) -> None:
    with pytest.raises(SourceDataError, match="contact_id"):
        land_contacts(zone, "select null as contact_id, 'a.csv' as _slice")
    land_contacts(zone, "select null as contact_id, true as _is_deleted, 'a.csv' as _slice")


def test_unreadable_source_data_is_one_paragraph(zone: RawZone, workspace: Path) -> None:
    broken = workspace / "broken.csv"
    broken.write_text("contact_id\n1\n")
    with pytest.raises(SourceDataError, match=r"crm.*intact") as caught:
        land_contacts(
            zone,
            "select cast(cast('x' || contact_id as int) as varchar) as contact_id, 'a.csv' as _slice "
            f"from read_csv('{broken}')",
        )
    assert "\n" not in str(caught.value)


def test_errors_of_a_batch_source_pass_through(zone: RawZone) -> None:
    def batches() -> list[pa.RecordBatch]:
        raise TransientError("rate limit")

    with (
        zone.landing(VISITS, source="web", brand="acme", load_id=1, loaded_at=LOADED_AT) as landing,
        pytest.raises(TransientError, match="rate limit"),
    ):
        landing.stage_batches(batch for batch in batches())


def test_batches_of_different_columns_land_together(zone: RawZone) -> None:
    day = date(2026, 11, 1)
    first = pa.RecordBatch.from_pylist([{"date": day, "page": "a", "visits": 1, "_slice": "2026-11-01"}])
    second = pa.RecordBatch.from_pylist([{"date": day, "visits": 2, "_slice": "2026-11-01", "_line": 9}])
    with zone.landing(VISITS, source="web", brand="acme", load_id=1, loaded_at=LOADED_AT) as landing:
        landing.stage_batches([first, second])
        landing.commit(replaces=Replaces.nothing(), window=None)
    rows = read(zone, "select page, visits, _line from raw.test__visits order by visits")
    assert rows == [("a", 1, None), (None, 2, 9)]


def test_personal_values_are_hashed_alike_however_they_are_spelled(zone: RawZone) -> None:
    land_contacts(
        zone,
        "select unnest(['1', '2', '3', '4']) as contact_id, "
        "unnest([' Ann@ACME.example ', 'ann@acme.example', 'info@x.example', null]) as email, "
        "unnest(['+98 21 ۱۲۳', '+9821123', '', null]) as phone, 'a.csv' as _slice",
    )
    rows = read(
        zone,
        "select email_hmac, email_domain, is_role_email, email_flags, phone_hmac "
        "from raw.test__contacts order by contact_id",
    )
    assert rows[0] == rows[1]
    assert rows[0][1:4] == ("acme.example", False, "staff")
    assert rows[2][1:] == ("x.example", True, None, None)
    assert rows[3] == (None,) * 5
    stored = b"".join(path.read_bytes() for path in zone.root.rglob("*") if path.is_file())
    assert b"ann@" not in stored.lower()


def test_personal_columns_without_a_key_are_refused(zone: RawZone) -> None:
    keyless = RawZone(zone.root, temp=zone.temp, pii=None)
    with pytest.raises(PersonalDataError, match="email"):
        land_contacts(keyless, "select '1' as contact_id, 'a@b.example' as email, 'a.csv' as _slice")
    assert not keyless.root.exists()


def test_files_of_an_older_layout_read_as_null_in_new_columns(zone: RawZone) -> None:
    land_contacts(zone, "select '1' as contact_id, 'a.csv' as _slice")
    manifest = zone.manifest(CONTACTS, "crm")
    path = zone.folder(CONTACTS, "crm") / next(iter(manifest.files))
    con = duckdb.connect()
    con.execute(f"create table old as select * exclude (phone_hmac) from '{path}'")
    con.execute(f"copy old to '{path}' (format parquet)")
    for layout in manifest.layouts.values():
        del layout["phone_hmac"]
    manifest.write(zone.folder(CONTACTS, "crm") / "manifest.json")
    assert read(zone, "select contact_id, phone_hmac from raw.test__contacts") == [("1", None)]


def test_days_that_arrive_mixed_lie_day_by_day_so_that_one_is_read_alone(zone: RawZone) -> None:
    rows, days = 400_000, 40
    with zone.landing(VISITS, source="web", brand="acme", load_id=1, loaded_at=LOADED_AT) as landing:
        landing.stage(
            f"select date '2026-01-01' + cast(hash(n) % {days} as integer) as date, 'p' || n as page, "
            f"n as visits, cast(date as varchar) as _slice from range({rows}) as r(n)"
        )
        landing.commit(replaces=Replaces.nothing(), window=None)
    (path,) = zone.folder(VISITS, "web").glob("*.parquet")
    groups = duckdb.execute(
        "select stats_min_value::date, stats_max_value::date from parquet_metadata($1) "
        "where path_in_schema = 'date' order by row_group_id",
        [str(path)],
    ).fetchall()
    assert len(groups) > 2
    assert [group for pair in groups for group in pair] == sorted(group for pair in groups for group in pair)
