"""Batches on their way into a landing: nothing is lost between chunks, and a wrong value is named."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from connectors.core.errors import PersonalDataError, SchemaError, SourceDataError
from connectors.core.feed import Batch
from connectors.core.raw_zone import Landed, RawZone, Replaces
from connectors.core.sink import Sink
from tests.unit.core.landings import CONTACTS, LOADED_AT, VISITS, read, stored_days

DAY = "2026-11-01"
ROWS = 120_000


def sink_in(zone: RawZone, batches: Iterable[Batch], *, load_id: int = 1) -> Landed:
    """Land batches of visits."""
    with zone.landing(VISITS, source="web", brand="acme", load_id=load_id, loaded_at=LOADED_AT) as landing:
        sink = Sink(landing, slice_sql="cast(date as varchar)")
        for batch in batches:
            sink.add(batch)
        sink.finish()
        return landing.commit(replaces=Replaces.nothing(), window=None)


def visits(count: int, *, first: int = 0, **more: object) -> Batch:
    """Rows of one day, pages and visits numbered from ``first``."""
    numbers = range(first, first + count)
    extra = {name: [value] * count for name, value in more.items()}
    return Batch(
        VISITS,
        {"date": [DAY] * count, "page": [str(n) for n in numbers], "visits": list(numbers), **extra},
    )


def test_all_rows_land_when_they_are_more_than_memory_holds_at_once(zone: RawZone) -> None:
    pages = (visits(7_500, first=first) for first in range(0, ROWS, 7_500))
    assert sink_in(zone, pages).rows == ROWS
    found = read(
        zone, "select count(*), count(distinct page), sum(visits), min(_slice) from raw.test__visits"
    )
    assert found == [(ROWS, ROWS, sum(range(ROWS)), DAY)]


def test_columns_that_only_some_chunks_have_are_null_in_the_others(zone: RawZone) -> None:
    landed = sink_in(
        zone, [visits(60_000), visits(1, first=60_000, mood="good"), visits(60_000, first=70_000)]
    )
    assert (landed.rows, landed.new_columns) == (120_001, ("mood",))
    path = next(zone.folder(VISITS, "web").glob("*.parquet"))
    assert read(zone, f"select mood, count(*) from '{path}' group by 1 order by 2") == [
        ("good", 1),
        (None, 120_000),
    ]


def test_a_wrong_value_in_a_later_chunk_is_named_and_nothing_lands(zone: RawZone) -> None:
    wrong = Batch(VISITS, {"date": [DAY], "page": ["x"], "visits": ["9 geese"]})
    with pytest.raises(
        SourceDataError, match=r"column visits should hold whole numbers.*'9 xxxxx'"
    ) as caught:
        sink_in(zone, [visits(60_000), wrong])
    assert caught.value.column == "visits"
    assert not zone.root.exists()


def test_no_rows_supply_nothing_and_change_nothing(zone: RawZone) -> None:
    sink_in(zone, [visits(2)])
    before = stored_days(zone)
    landed = sink_in(zone, [Batch(VISITS, {}), Batch.of_rows(VISITS, [])], load_id=2)
    assert (landed.rows, landed.changed_slices) == (0, ())
    assert stored_days(zone) == before


def test_a_column_that_no_batch_has_any_more_is_missed(zone: RawZone) -> None:
    sink_in(zone, [visits(2)])
    with pytest.raises(SchemaError, match=r"column page is missing"):
        sink_in(zone, [Batch(VISITS, {"date": [DAY], "visits": [9]})], load_id=2)
    sink_in(
        zone,
        [
            Batch(VISITS, {"date": [DAY], "visits": [9]}),
            Batch(VISITS, {"date": [DAY], "page": ["5"], "visits": [8]}),
        ],
        load_id=3,
    )
    assert stored_days(zone)[DAY][0] == 3


def test_a_new_column_is_reported_once(zone: RawZone) -> None:
    assert sink_in(zone, [visits(1)]).new_columns == ()
    assert sink_in(zone, [visits(2, mood=True)], load_id=2).new_columns == ("mood",)
    assert sink_in(zone, [visits(3, mood=1.5)], load_id=3).new_columns == ()


@pytest.mark.parametrize("has_key", [True, False])
def test_personal_values_are_hashed_or_refused(zone: RawZone, has_key: bool, workspace: Path) -> None:
    zone = zone if has_key else RawZone(zone.root, temp=zone.temp, pii=None)
    batch = Batch(
        CONTACTS, {"contact_id": ["1", "2"], "email": ["ann@example.com", None], "phone": [98_21_123, 7]}
    )
    with zone.landing(CONTACTS, source="crm", brand="acme", load_id=1, loaded_at=LOADED_AT) as landing:
        sink = Sink(landing, slice_sql="'000001'")
        sink.add(batch)
        if not has_key:
            with pytest.raises(PersonalDataError, match="email"):
                sink.finish()
            return
        sink.finish()
        landing.commit(replaces=Replaces.nothing(), window=None)
    rows = read(zone, "select email_hmac is null, email_domain, phone_hmac is null from raw.test__contacts")
    assert sorted(rows, key=str) == [(False, "example.com", False), (True, None, False)]
    assert not [path for path in workspace.rglob("*") if path.is_file() and b"ann@" in path.read_bytes()]
