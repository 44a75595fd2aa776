"""Wrong files: each gives one clear paragraph and leaves the raw zone as it was."""

from __future__ import annotations

import gzip

import pytest
from pydantic import ValidationError

from connectors.core.errors import ConnectorError, SchemaError, SourceDataError
from connectors.files.config import FileSourceConfig
from tests.unit.files.conftest import World

GOOD = "Order ID,Date,Subtotal,Status\n1,2026-11-01,10,paid\n"
LONG = "Order ID,Date,Subtotal,Status\n" + "".join(f"{n},2026-11-01,10,paid\n" for n in range(5000))

WRONG: dict[str, tuple[str, bytes, str]] = {
    "missing column": (
        "a.csv",
        GOOD.replace("Subtotal", "Colour").encode(),
        "'goods_amount' .* is missing.*'Colour'",
    ),
    "renamed column": ("a.csv", GOOD.replace("Subtotal", "Subtotals").encode(), "closest is 'Subtotals'"),
    "vanished optional column": (
        "a.csv",
        GOOD.replace(",Status", "").replace(",paid", "").encode(),
        "'status' .* missing",
    ),
    "bad date": (
        "a.csv",
        GOOD.replace("2026-11-01", "2026-13-01").encode(),
        "line 2, column ordered_at: not a date",
    ),
    "bad number": (
        "a.csv",
        GOOD.replace(",10,", ",ten,").encode(),
        r"column goods_amount: not an amount \(xxx\)",
    ),
    "no required value": ("a.csv", GOOD.replace("\n1,", "\n,").encode(), "column order_id: no value"),
    "wrong delimiter": ("a.csv", GOOD.replace(",", ";").encode(), "read as one column.*delimiter: semicolon"),
    "empty": ("a.csv", b"", "is empty"),
    "only a byte-order mark": ("a.csv", b"\xef\xbb\xbf\n", "is empty"),
    "truncated gzip": ("a.csv.gz", gzip.compress(LONG.encode())[:200], "cut off"),
    "no gzip": ("a.csv.gz", LONG.encode(), "no complete gzip"),
    "0-byte workbook": ("a.xlsx", b"", "0 bytes"),
    "no workbook": ("a.xlsx", LONG.encode(), "no Excel workbook"),
    "no parquet": ("a.parquet", LONG.encode(), "no complete Parquet"),
    "no json": ("a.json", b'{"data": [{', "no valid JSON"),
    "wrong encoding": ("a.csv", GOOD.replace("paid", "پرداخت").encode("windows-1256"), "line 2.*encoding"),
    "wrong encoding far below": (
        "a.csv",
        (LONG * 20 + "\u067e").encode("windows-1256"),
        "not (UTF|utf)-8 text",
    ),
    "extra field": (
        "a.csv",
        (GOOD + "2,2026-11-01,10,paid,x\n").encode(),
        "line 3: the row has 5 fields.*has 4",
    ),
    "conflicting key": (
        "a.csv",
        (GOOD + "1,2026-11-01,11,paid\n").encode(),
        "same key, with other values, as line",
    ),
    "unknown ending": ("a.pdf", b"%PDF", "can't be read"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_file_is_refused_in_one_paragraph_and_nothing_stored_changes(world: World, case: str) -> None:
    name, content, message = WRONG[case]
    world.drop("a.csv", GOOD)
    world.land("orders_file")
    before = world.rows("select * exclude (_loaded_at) from raw.orders__orders")
    world.drop(name, content)
    with pytest.raises(ConnectorError, match=message) as caught:
        world.land("orders_file")
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)
    assert world.rows("select * exclude (_loaded_at) from raw.orders__orders") == before
    world.drop(name, content)
    assert (
        not world.source("orders_file").check().problems
        or "\n" not in world.source("orders_file").check().problems[0]
    )


def test_rejects_below_the_threshold_are_kept_and_the_rest_lands(world: World) -> None:
    world.drop("a.csv", LONG + "x1,2026-11-31,10,paid\nx2,2026-11-01,1O,paid\n")
    [landing] = world.land("orders_file")
    assert (landing.rows, landing.rejected) == (5000, 2)
    [kept] = (world.root / "raw").glob("**/rejects/*.parquet")
    assert world.rows(f"select line, column_name, reason, masked_value from '{kept}' order by line") == [
        (5002, "ordered_at", "not a date and time", "9999-99-99"),
        (5003, "goods_amount", "not an amount", "9x"),
    ]


def test_the_line_of_a_reject_counts_line_breaks_in_quotes(world: World) -> None:
    world.drop(
        "a.csv",
        'InvoiceNo,Quantity,Price,Date,Description\n1,1,1,2026-11-01,"two\nlines"\n2,x,1,2026-11-01,b\n',
    )
    with pytest.raises(SourceDataError, match=r"a\.csv, line 4, column quantity"):
        world.land("order_lines_file")


def test_exact_repeats_of_a_keyed_row_count_once_and_lines_without_key_stay(world: World) -> None:
    world.drop("a.csv", GOOD + "1,2026-11-01,10,paid\n")
    [landing] = world.land("orders_file")
    assert landing.rows == 1
    assert any("1 exact repeats" in note for note in landing.notes)


def test_equal_lines_without_a_key_are_all_kept(world: World) -> None:
    world.drop("a.csv", "InvoiceNo,Quantity,Price,Date\n" + "1,1,2.5,2026-11-01\n" * 3)
    [landing] = world.land("order_lines_file")
    assert landing.rows == 3


def test_a_new_column_lands_and_is_reported_but_addresses_do_not(world: World) -> None:
    world.drop("a.csv", "Order ID,Date,Subtotal,Colour,Phone,Reply\n1,2026-11-01,10,red,0912,a@b.example\n")
    [landing] = world.land("orders_file")
    assert landing.new_columns == ("Colour",)
    assert sum("looks like personal data" in note for note in landing.notes) == 2


def test_mapped_addresses_are_hashed(world: World) -> None:
    world.drop("a.csv", "Order ID,Date,Subtotal,Email\n1,2026-11-01,10,Ann@Example.com\n")
    world.land("orders_file", address_flags={"staff": ["*@example.com"]})
    [row] = world.rows(
        "select length(customer_email_hmac), customer_email_domain, customer_email_flags from "
        "raw.orders__orders"
    )
    assert row == (64, "example.com", "staff")


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"connector": "order_file"}, "Did you mean 'orders_file'"),
        ({"connector": "orders_file", "stream": "orders/order_line"}, "Did you mean 'orders/order_lines'"),
        ({"connector": "orders_file", "columns": {"order_number": "x"}}, "no column 'order_number'"),
        ({"connector": "orders_file", "money_unit": "toman"}, "currency is USD"),
        (
            {"connector": "email_campaigns_file", "stream": "email/links", "covers": "dates"},
            "needs rows with a day",
        ),
    ],
)
def test_a_source_that_does_not_fit_its_preset_is_refused(
    world: World, config: dict[str, object], message: str
) -> None:
    with pytest.raises(SchemaError, match=message):
        world.source(**config)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("path", "/etc/passwd"),
        ("path", "../x.csv"),
        ("encoding", "utf-99"),
        ("delimiter", ",,"),
        ("timezone", "Tehran"),
        ("currency", "toman"),
        ("money_unit", "tuman"),
        ("expect", "weekly"),
        ("thousands", "."),
        ("columns", {"order_id": {"file_name": "no group"}}),
        ("coverage", {"from": "2026-02-01", "to": "2026-01-01"}),
        ("colums", {}),
    ],
)
def test_wrong_settings_are_refused(key: str, value: object) -> None:
    with pytest.raises(ValidationError):
        FileSourceConfig.model_validate(
            {"connector": "orders_file", "brand": "b", "path": "exports/*", key: value}
        )


def test_a_column_that_earlier_files_had_must_not_vanish_from_a_new_one(world: World) -> None:
    world.drop("october.csv", "Order ID,Date,Subtotal,Country\n1,2026-10-01,10,IR\n")
    world.land("orders_file")
    world.drop("november.csv", "Order ID,Date,Subtotal\n2,2026-11-01,20\n")
    with pytest.raises(
        SchemaError, match=r"november\.csv: column 'country' .* is missing.*null instead of a header"
    ):
        world.land("orders_file")
    assert world.rows("select order_id from raw.orders__orders") == [("1",)]
    [landing] = world.land("orders_file", columns={"country": None})
    assert landing.rows == 2
