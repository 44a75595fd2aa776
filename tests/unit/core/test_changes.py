"""What of a batch is new beside what is stored, and which stored records are gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from connectors.core.changes import Changes
from connectors.core.raw_zone import RawZone, Replaces
from connectors.core.stream import Column, Kind, Stream, Type
from tests.unit.core.landings import LOADED_AT, read

LINKS = Stream(
    connector="test",
    name="contacts",
    kind=Kind.ENTITY,
    description="Links between two records",
    columns=(
        Column("deal", Type.STRING, "Deal", required=True),
        Column("contact", Type.STRING, "Contact", required=True),
        Column("weight", Type.INTEGER, "Weight"),
        Column("version", Type.INTEGER, "Version"),
    ),
    key=("deal", "contact"),
)
_SCHEMA = pa.schema(
    [("deal", pa.string()), ("contact", pa.string()), ("weight", pa.int64()), ("version", pa.int64())]
)
Link = tuple[str, str, int | None, int | None]


def land(
    zone: RawZone, links: Sequence[Link], *, load_id: int, bury: bool = False, version: str | None = None
) -> int:
    """Rows that are stored of ``links``."""
    with zone.landing(LINKS, source="crm", brand="acme", load_id=load_id, loaded_at=LOADED_AT) as landing:
        if links:
            columns: Mapping[str, Sequence[object]] = dict(
                zip(_SCHEMA.names, map(list, zip(*links, strict=True)), strict=True)
            )
            landing.con.register("links", pa.table(columns, schema=_SCHEMA))
            landing.stage(f"select *, '{load_id}' as _slice from links")
        changes = Changes(landing, version=version)
        if bury:
            changes.bury_absent(str(load_id))
        changes.keep_new()
        return landing.commit(replaces=Replaces.nothing(), window=None).rows


def stored(zone: RawZone) -> list[tuple[int, str, str, int | None, bool]]:
    """Every stored row, by load."""
    path = zone.folder(LINKS, "crm") / "*.parquet"
    return sorted(read(zone, f"select _load_id, deal, contact, weight, _is_deleted from '{path}'"))


def test_a_record_is_known_by_its_whole_key_and_all_its_columns(zone: RawZone) -> None:
    assert land(zone, [("d1", "a", 1, None), ("d1", "b", 1, None)], load_id=1) == 2
    assert land(zone, [("d1", "a", 1, None), ("d2", "a", 1, None), ("d1", "b", None, None)], load_id=2) == 2
    assert stored(zone)[2:] == [(2, "d1", "b", None, False), (2, "d2", "a", 1, False)]


def test_a_row_that_comes_twice_is_stored_once_and_two_versions_are_two(zone: RawZone) -> None:
    links: list[Link] = [("d1", "a", 1, 1), ("d1", "a", 1, 1), ("d1", "a", 2, 2)]
    assert land(zone, links, load_id=1, version="version") == 2
    assert land(zone, [("d1", "a", 2, 2)], load_id=2, version="version") == 0


def test_a_value_that_returns_is_a_new_version(zone: RawZone) -> None:
    weights = [1, 2, 1, 1]
    rows = [
        land(zone, [("d1", "a", weight, None)], load_id=load) for load, weight in enumerate(weights, start=1)
    ]
    assert rows == [1, 1, 1, 0]


def test_only_what_a_list_lacks_is_buried_and_only_once(zone: RawZone) -> None:
    land(zone, [("d1", "a", 1, None), ("d1", "b", 2, None)], load_id=1)
    assert land(zone, [("d1", "b", 2, None)], load_id=2, bury=True) == 1
    assert land(zone, [("d1", "b", 2, None)], load_id=3, bury=True) == 0
    assert stored(zone)[2:] == [(2, "d1", "a", None, True)]


def test_what_was_buried_lives_again_though_it_is_as_it_was(zone: RawZone) -> None:
    land(zone, [("d1", "a", 1, None)], load_id=1)
    land(zone, [], load_id=2, bury=True)
    assert land(zone, [("d1", "a", 1, None)], load_id=3, bury=True) == 1
    assert land(zone, [("d1", "a", 1, None)], load_id=4, bury=True) == 0
    assert land(zone, [], load_id=5, bury=True) == 1
    assert [(load, is_deleted) for load, *_, is_deleted in stored(zone)] == [
        (1, False),
        (2, True),
        (3, False),
        (5, True),
    ]


def test_tombstones_alone_do_not_count_as_missing_columns(zone: RawZone) -> None:
    land(zone, [("d1", "a", 1, 1)], load_id=1)
    land(zone, [], load_id=2, bury=True)
    assert sorted(zone.manifest(LINKS, "crm").schema) == ["contact", "deal", "version", "weight"]
