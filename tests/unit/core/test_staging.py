"""Only what is kept of the staged rows lands."""

from __future__ import annotations

from connectors.core.raw_zone import RawZone, Replaces
from tests.unit.core.landings import LOADED_AT, VISITS, read, stored_days

_ROWS = "select date '2026-11-01' as date, page, visits, '2026-11-01' as _slice from (values {}) as t (page, visits)"


def land(zone: RawZone, *parts: str, keep: str, extra: str = "") -> int:
    """Rows that land of ``parts`` after those where ``keep`` holds were kept."""
    with zone.landing(VISITS, source="web", brand="acme", load_id=1, loaded_at=LOADED_AT) as landing:
        for part in parts:
            landing.stage(f"select *{extra} from ({_ROWS.format(part)})")
        landing.keep(f"select * from staged where {keep}")
        assert landing.con.execute(
            "select count(*) from staged where not coalesce(" + keep + ", false)"
        ).fetchall() == [(0,)]
        return landing.commit(replaces=Replaces.nothing(), window=None).rows


def test_kept_rows_of_all_parts_land(zone: RawZone) -> None:
    assert land(zone, "('1', 1), ('2', 20)", "('3', 3), ('4', 40)", keep="visits >= 10") == 2
    assert stored_days(zone) == {"2026-11-01": (1, [20, 40])}


def test_nothing_lands_when_nothing_is_kept(zone: RawZone) -> None:
    assert land(zone, "('1', 1)", keep="visits > 10") == 0
    assert zone.manifest(VISITS, "web").slices == {}
    assert read(zone, "select * from raw.test__visits") == []


def test_undeclared_columns_are_kept_too(zone: RawZone) -> None:
    assert land(zone, "('1', 1), ('2', 2)", keep="visits = 2", extra=", page || '!' as mood") == 1
    (path,) = zone.folder(VISITS, "web").glob("*.parquet")
    assert read(zone, f"select page, mood, _load_id from '{path}'") == [("2", "2!", 1)]


def test_rows_staged_after_keeping_land_beside_the_kept(zone: RawZone) -> None:
    with zone.landing(VISITS, source="web", brand="acme", load_id=1, loaded_at=LOADED_AT) as landing:
        landing.stage(_ROWS.format("('1', 1), ('2', 2)"))
        landing.keep("select * from staged where visits = 1")
        landing.stage(_ROWS.format("('3', 3)"))
        landing.commit(replaces=Replaces.nothing(), window=None)
    assert stored_days(zone) == {"2026-11-01": (1, [1, 3])}


def test_no_rows_can_be_kept_of_none(zone: RawZone) -> None:
    with zone.landing(VISITS, source="web", brand="acme", load_id=1, loaded_at=LOADED_AT) as landing:
        landing.keep("select * from staged")
        assert landing.commit(replaces=Replaces.nothing(), window=None).rows == 0
    assert zone.manifest(VISITS, "web").slices == {}
