"""One order list in every format gives the same rows."""

# ruff: noqa: DTZ001 - instants of the raw zone are UTC without a zone
from __future__ import annotations

import gzip
import io
import json
from datetime import datetime
from decimal import Decimal

import duckdb
import openpyxl
import pytest

from tests.unit.files.conftest import World

HEADER = ("InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "UnitPrice", "Customer", "Note")
RECORDS = (
    ("1", "A", "2", "2026-11-01 10:30:00", "1.50", "c1", "plain"),
    ("2", "B, blue", "-1", "2026-11-02 00:00:00", "1234.5", "", 'said "yes"'),
)
EXPECTED = [
    ("1", "A", Decimal(2), datetime(2026, 11, 1, 10, 30), Decimal("1.5"), "c1", 1),
    ("2", "B, blue", Decimal(-1), datetime(2026, 11, 2), Decimal("1234.5"), None, 2),
]
QUERY = "select order_id, sku, quantity, ordered_at, unit_price, customer_id, _line from raw.orders__order_lines order by _line"


def delimited(mark: str) -> str:
    quoted = [[f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in record] for record in RECORDS]
    return "\n".join(mark.join(record) for record in (HEADER, *quoted)) + "\n"


def workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "cover"
    sheet = book.create_sheet("orders")
    sheet.append(["Export of orders"])
    sheet.append([])
    sheet.append(HEADER)
    sheet.append(["1", "A", 2, datetime(2026, 11, 1, 10, 30), 1.5, "c1", "plain"])
    sheet.append([2, "B, blue", -1, datetime(2026, 11, 2), 1234.5, None, "x"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def objects() -> list[dict[str, str]]:
    return [dict(zip(HEADER, record, strict=True)) for record in RECORDS]


CASES: dict[str, tuple[str, bytes, dict[str, object]]] = {
    "csv": ("o.csv", delimited(",").encode(), {}),
    "csv with byte-order mark": ("o.csv", delimited(",").encode("utf-8-sig"), {}),
    "csv with CRLF": ("o.csv", delimited(",").replace("\n", "\r\n").encode(), {}),
    "gzip": ("o.csv.gz", gzip.compress(delimited(",").encode()), {}),
    "semicolons": ("o.csv", delimited(";").encode(), {"delimiter": "semicolon"}),
    "tsv": ("o.tsv", delimited("\t").encode(), {}),
    "utf-16 with tabs": ("o.csv", delimited("\t").encode("utf-16"), {}),
    "utf-16-be declared": (
        "o.csv",
        delimited(",").encode("utf-16-be"),
        {"encoding": "utf-16-be", "delimiter": ","},
    ),
    "title lines": ("o.csv", ("Orders\n\n" + delimited(",")).encode(), {"header_row": 3}),
    "workbook": ("o.xlsx", workbook(), {"sheet": "orders", "header_row": 3}),
    "json array": ("o.json", json.dumps(objects()).encode(), {}),
    "json data": ("o.json", json.dumps({"data": objects()}, indent=1).encode(), {}),
    "ndjson": ("o.ndjson", "\n".join(map(json.dumps, objects())).encode(), {}),
}


@pytest.mark.parametrize("case", CASES)
def test_every_format_lands_the_same_rows(world: World, case: str) -> None:
    name, content, config = CASES[case]
    world.drop(name, content)
    [landing] = world.land("order_lines_file", **config)
    assert world.rows(QUERY) == EXPECTED
    assert (landing.rows, landing.rejected) == (2, 0)


def test_parquet_lands_the_same_rows(world: World) -> None:
    path = world.drop("o.parquet", b"")
    con = duckdb.connect()
    con.execute(
        "copy (select '1' as InvoiceNo, 'A' as StockCode, 2 as Quantity, timestamp '2026-11-01 10:30:00' "
        "as InvoiceDate,"
        " 1.5::double as UnitPrice, 'c1' as Customer union all select '2', 'B, blue', -1, '2026-11-02', "
        "1234.5, null)"
        f" to '{path}' (format parquet)"
    )
    world.land("order_lines_file")
    assert world.rows(QUERY) == EXPECTED


def test_windows_1256_text_is_read_when_declared(world: World) -> None:
    world.drop(
        "o.csv", "شماره سفارش,تعداد,قيمت,تاريخ\n١,2,3,2026-11-01\n".replace("١", "1"), encoding="windows-1256"
    )
    world.land("order_lines_file", encoding="windows-1256")
    assert world.rows("select order_id, unit_price from raw.orders__order_lines") == [("1", Decimal(3))]
