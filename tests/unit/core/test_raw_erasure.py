"""Rows leave the raw zone with their bytes; the rest is as if they had never landed; and they stay out."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from connectors.core.identity import IdKind
from connectors.core.pii import Pseudonymiser
from connectors.core.raw_erasure import erase_rows
from connectors.core.raw_zone import RawZone, Replaces
from connectors.core.stream import Stream
from connectors.core.suppression import Suppression
from connectors.registry import STREAMS

ORDERS = STREAMS["orders/orders"]
LINES = STREAMS["orders/order_lines"]
AT = datetime(2026, 11, 1, tzinfo=UTC)
LATER = datetime(2026, 12, 1, tzinfo=UTC)
KEY = b"k" * 32
PII = Pseudonymiser(key=b"secret")


def _zone(folder: Path, suppression: Suppression | None = None) -> RawZone:
    return RawZone(folder / "raw", temp=folder / "temp", pii=PII, suppression=suppression)


def _orders(rows: list[tuple[str, str, str, str]]) -> str:
    """SELECT of orders: slice, order, customer, address."""
    body = " union all ".join(
        f"select '{key}' as _slice, '{order}' as order_id, nullif('{customer}', '') as customer_id, "
        f"nullif('{address}', '') as customer_email, timestamp '2026-11-01 10:00:00' as ordered_at, "
        f"10::decimal(18,6) as goods_amount, '{order}-extra' as shop_note, {number} as _line"
        for number, (key, order, customer, address) in enumerate(rows)
    )
    return f"select * replace (_line::bigint as _line) from ({body})"


def _land(
    zone: RawZone, rows: list[tuple[str, str, str, str]], *, load_id: int = 1, window: bool = False
) -> None:
    with zone.landing(ORDERS, source="site", brand="shop", load_id=load_id, loaded_at=AT) as landing:
        landing.stage(_orders(rows))
        landing.commit(
            replaces=Replaces.nothing(),
            window=(date(2026, 11, 1), date(2026, 11, 2)) if window else None,
        )


def _stored(zone: RawZone, stream: Stream = ORDERS) -> list[tuple[str, str]]:
    with duckdb.connect() as con:
        zone.create_views(con, [stream])
        return con.execute(f"select _slice, order_id from raw.{stream.view} order by all").fetchall()


def _erase(zone: RawZone, condition: str, *, load_id: int = 2) -> int:
    with duckdb.connect() as con:
        return erase_rows(
            con,
            zone.folder(ORDERS, "site"),
            zone.manifest(ORDERS, "site"),
            ORDERS,
            condition=condition,
            load_id=load_id,
            loaded_at=LATER,
        )


def _files(zone: RawZone) -> set[str]:
    return {path.name for path in zone.folder(ORDERS, "site").glob("*.parquet")}


def test_the_zone_is_as_if_the_rows_had_never_landed(tmp_path: Path) -> None:
    rows = [
        ("a", "1", "17", "ann@x.example"),
        ("a", "2", "18", ""),
        ("b", "3", "18", ""),
        ("c", "4", "17", ""),
    ]
    zone = _zone(tmp_path / "with")
    _land(zone, rows)
    before = zone.manifest(ORDERS, "site")
    assert _erase(zone, "coalesce(customer_id = '17', false)") == 2
    assert _stored(zone) == [("a", "2"), ("b", "3")]
    without = _zone(tmp_path / "without")
    _land(without, rows[1:3])
    after, never = zone.manifest(ORDERS, "site"), without.manifest(ORDERS, "site")
    assert after.slices["a"].content_hash == never.slices["a"].content_hash
    assert (after.slices["a"].rows, after.slices["a"].load_id, after.slices["a"].loaded_at) == (1, 2, LATER)
    assert after.slices["b"].load_id == 1
    assert after.slices["b"].content_hash == before.slices["b"].content_hash
    assert (after.slices["c"].file, after.slices["c"].rows, after.slices["c"].content_hash) == (None, 0, "")
    assert _files(zone) == set(after.files)
    assert not _files(zone) & set(before.files)
    zone.verify()


def test_files_without_such_rows_are_left_alone(tmp_path: Path) -> None:
    zone = _zone(tmp_path)
    _land(zone, [("a", "1", "17", "")])
    _land(zone, [("b", "2", "18", "")], load_id=2)
    [other] = [name for name, entry in zone.manifest(ORDERS, "site").files.items() if "b" in entry.slices]
    assert _erase(zone, "coalesce(customer_id = '17', false)", load_id=3) == 1
    assert _files(zone) == {other}
    assert _erase(zone, "coalesce(customer_id = '17', false)", load_id=4) == 0


def _suppression(*ids: tuple[IdKind, str, str]) -> Suppression:
    nobody = Suppression(key=KEY, hashes=frozenset(), namespaces={"site": "store"})
    hashes = frozenset(nobody.hash_of("shop", kind, scope, value) for kind, scope, value in ids)
    return Suppression(key=KEY, hashes=hashes, namespaces={"site": "store"})


def test_suppressed_people_do_not_land(tmp_path: Path) -> None:
    hashed = PII.replace("ann@x.example", ORDERS.column("customer_email").personal)  # type: ignore[arg-type]
    assert hashed is not None
    zone = _zone(tmp_path, _suppression((IdKind.ADDRESS, "", hashed.hmac), (IdKind.PERSON, "store", "17")))
    _land(
        zone,
        [
            ("a", "1", "", "Ann@X.example "),
            ("a", "2", "17", ""),
            ("a", "3", "18", "bob@x.example"),
            ("b", "4", "17", ""),
        ],
        window=True,
    )
    assert _stored(zone) == [("a", "3")]
    empty = zone.manifest(ORDERS, "site").slices["b"]
    assert (empty.file, empty.rows, empty.window_start) == (None, 0, date(2026, 11, 1))


def test_an_id_stays_suppressed_under_its_source_and_not_for_others(tmp_path: Path) -> None:
    zone = _zone(tmp_path, _suppression((IdKind.PERSON, "site", "17"), (IdKind.PERSON, "elsewhere", "18")))
    _land(zone, [("a", "1", "17", ""), ("a", "2", "18", "")])
    assert _stored(zone) == [("a", "2")]


def test_a_slice_that_was_theirs_alone_is_emptied_and_a_new_batch_is_not_listed(tmp_path: Path) -> None:
    _land(_zone(tmp_path), [("a", "1", "17", ""), ("b", "2", "18", "")])
    zone = _zone(tmp_path, _suppression((IdKind.PERSON, "store", "17")))
    _land(zone, [("a", "1", "17", ""), ("000002", "9", "17", "")], load_id=2)
    assert _stored(zone) == [("b", "2")]
    slices = zone.manifest(ORDERS, "site").slices
    assert (slices["a"].rows, slices["a"].load_id) == (0, 2)
    assert "000002" not in slices


def test_a_corrected_file_of_theirs_alone_tells_of_its_new_days(tmp_path: Path) -> None:
    zone = _zone(tmp_path, _suppression((IdKind.PERSON, "store", "17")))
    for load_id, day in ((1, 15), (2, 14)):
        days = (date(2026, 3, day), date(2026, 3, day + 1))
        with zone.landing(ORDERS, source="site", brand="shop", load_id=load_id, loaded_at=AT) as landing:
            landing.stage(_orders([("a.csv", "1", "17", "")]))
            landing.commit(replaces=Replaces.nothing(), window=None, slice_windows={"a.csv": days})
        entry = zone.manifest(ORDERS, "site").slices["a.csv"]
        assert (entry.rows, entry.window_start, entry.window_end) == (0, *days)


def test_landing_again_without_anything_new_changes_nothing(tmp_path: Path) -> None:
    zone = _zone(tmp_path, _suppression((IdKind.PERSON, "store", "17")))
    rows = [("a", "1", "17", ""), ("a", "2", "18", "")]
    _land(zone, rows)
    before = zone.manifest(ORDERS, "site")
    _land(zone, rows, load_id=2)
    assert zone.manifest(ORDERS, "site") == before


def test_streams_without_ids_are_not_looked_at() -> None:
    suppression = _suppression((IdKind.PERSON, "store", "17"))
    with duckdb.connect() as con:
        assert suppression.rows_sql(con, STREAMS["costs/costs"], source="x", brand="shop") is None
        nobody = Suppression(key=KEY, hashes=frozenset(), namespaces={})
        assert nobody.rows_sql(con, LINES, source="x", brand="shop") is None


def test_the_key_is_in_no_sql_and_no_repr() -> None:
    suppression = _suppression((IdKind.PERSON, "store", "17"))
    assert "kkkk" not in repr(suppression)
    with duckdb.connect() as con:
        condition = suppression.rows_sql(con, ORDERS, source="site", brand="shop") or ""
    assert KEY.hex() not in condition
    assert "kkkk" not in condition
