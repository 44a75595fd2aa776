"""Large delimited files land as a stream: every row with its number, and what breaks off is told as before."""

from __future__ import annotations

import gzip
from decimal import Decimal

import duckdb
import pytest

from connectors.core.errors import SourceDataError
from connectors.core.pace import Pace, Pacer
from connectors.core.raw_zone import RawZone
from connectors.files.streaming import NumberedStream
from tests.unit.core.fake_clock import FakeClock
from tests.unit.files.conftest import LOADED_AT, World

HEADER = "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,Customer,Note\n"
_BROKEN = '"two\nlines"'
MANY = 130_000
"""More than a batch, and than a row group of Parquet."""


def lines(count: int, *, first: int = 1) -> str:
    """Orders whose number is that of their line; every seventh note has a line break within quotes."""
    return "".join(
        f'{n},"S, {n % 50}",{n % 9 + 1},2026-{n % 12 + 1:02d}-{n % 28 + 1:02d} 10:{n % 60:02d}:00,'
        f"{n % 1000}.{n % 100:02d},c{n % 300},{_BROKEN if n % 7 == 0 else 'plain'}\n"
        for n in range(first, first + count)
    )


@pytest.mark.parametrize("ending", ["csv", "csv.gz"])
def test_rows_keep_the_order_of_the_file_and_its_numbers(world: World, ending: str) -> None:
    text = (HEADER + lines(MANY)).encode()
    world.drop(f"orders.{ending}", gzip.compress(text, compresslevel=1) if ending.endswith("gz") else text)
    (landing,) = world.land("order_lines_file")
    assert (landing.rows, landing.rejected) == (MANY, 0)
    assert world.rows(
        "select count(*), count(*) filter (order_id <> _line::varchar), min(_line), max(_line), "
        "sum(quantity), count(distinct sku) from raw.orders__order_lines"
    ) == [(MANY, 0, 1, MANY, sum(Decimal(n % 9 + 1) for n in range(1, MANY + 1)), 50)]
    files = list((world.root / "raw").rglob("*.parquet"))
    stored = duckdb.execute("select _line from read_parquet($1)", [str(files[0])]).fetchall()
    assert [line for (line,) in stored] == list(range(1, MANY + 1))


def test_landing_the_same_file_twice_gives_the_same_content(world: World) -> None:
    text = HEADER + lines(MANY)
    hashes = []
    for name in ("first", "second"):
        root = world.root / name
        other = World(root, RawZone(root / "raw", temp=root / "temp", pii=None))
        other.drop("orders.csv", text)
        other.land("order_lines_file")
        (path,) = (other.root / "raw").rglob("*.parquet")
        hashes.append(path.read_bytes())
    assert hashes[0] == hashes[1]


def test_row_far_below_that_has_to_be_refused_is_named_with_its_line(world: World) -> None:
    refused = "60001,S,two,2026-01-01 00:00:00,1.00,c1,x\n"
    world.drop("orders.csv", HEADER + lines(60_000) + refused)
    (landing,) = world.land("order_lines_file", reject_threshold=0.01)
    assert (landing.rows, landing.rejected) == (60_000, 1)
    assert world.rows("select max(_line) from raw.orders__order_lines") == [(60_000,)]


def test_line_far_below_with_too_many_cells_stops_the_landing_and_says_where(world: World) -> None:
    world.drop("orders.csv", HEADER + lines(6) * 6_000 + "7,S,1,2026-01-01,1.00,c1,x,one too many\n")
    with pytest.raises(SourceDataError, match=r"line 36002"):
        world.land("order_lines_file")
    assert world.rows("select count(*) from raw.orders__order_lines") == [(0,)]


def test_pace_of_a_file_ends_near_its_whole(world: World) -> None:
    path = world.drop("orders.csv", HEADER + lines(MANY))
    clock, told = FakeClock(), []

    def tick() -> float:
        clock.pass_(1)
        return clock.now

    cells = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(7))
    pacer = Pacer(told.append, what="orders.csv", whole=path.stat().st_size, clock=tick)
    stream = NumberedStream(f"select * from read_csv('{path}', header = true, columns = {{{cells}}})", pacer)
    with duckdb.connect() as con, stream.attached(con, "numbered"):
        assert con.execute("select count(*), max(_line) from numbered").fetchall() == [(MANY, MANY)]
    assert [each.rows for each in told] == sorted(each.rows for each in told)
    last: Pace = told[-1]
    assert last.rows == MANY
    assert last.fraction == pytest.approx(1.0, abs=0.15)


def test_run_is_told_the_pace_of_a_file(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.core.pace._EVERY", 0.0)
    world.drop("orders.csv", HEADER + lines(MANY))
    told: list[Pace] = []
    world.source("order_lines_file").land(world.zone, load_id=1, loaded_at=LOADED_AT, pace=told.append)
    assert told[-1].what == "orders.csv"
    assert told[-1].rows == MANY
    assert told[-1].seconds_left is not None
