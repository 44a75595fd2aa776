"""Persian text and numbers: the pure functions and their SQL agree."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.core import text as t

_CONNECTION = duckdb.connect()


def _sql(expression: str, value: str) -> object:
    return _CONNECTION.execute(
        f"select {expression} from (select cast(? as varchar) as x)", [value]
    ).fetchall()[0][0]


@pytest.mark.parametrize(
    ("written", "decimal", "thousands", "percent", "expected"),
    [
        ("1234.5", ".", "", False, "1234.5"),
        ("۱۲۳۴٫۵", "٫", "٬", False, "1234.5"),
        ("۱٬۲۳۴٬۵۶۷", "٫", "٬", False, "1234567"),
        ("١٢٣", ".", "", False, "123"),
        ("1.234,5", ",", ".", False, "1234.5"),
        ("1 234/50", "/", " ", False, "1234.50"),
        ("12،345", ".", "،", False, "12345"),
        ("−5", ".", "", False, "-5"),
        ("5-", ".", "", False, "-5"),
        ("\u200f\u200c۵\u00a0", ".", "", False, "5"),
        ("۱۲٪", ".", "", True, "0.12"),
        ("٪۱۲٫۵", "٫", "", True, "0.125"),
        ("12.5 %", ".", "", True, "0.125"),
        ("+7", ".", "", False, "7"),
        (".5", ".", "", False, "0.5"),
        ("12%", ".", "", False, None),
        ("1,234", ".", "", False, None),
        ("1.5", ",", "", False, None),
        ("1.234.5", ".", "", False, None),
        ("--5", ".", "", False, None),
        ("5-6", ".", "", False, None),
        ("abc", ".", "", False, None),
        ("", ".", "", False, None),
        ("-", ".", "", False, None),
    ],
)
def test_numbers_follow_the_declared_marks(
    written: str, decimal: str, thousands: str, percent: bool, expected: str | None
) -> None:
    value = t.parse_number(written, decimal=decimal, thousands=thousands, percent=percent)
    assert value == (None if expected is None else Decimal(expected))
    sql = t.number_sql("x", "DECIMAL(18,6)", decimal=decimal, thousands=thousands, percent=percent)
    assert _sql(sql, written) == value


def test_a_fraction_is_no_integer() -> None:
    assert _sql(t.number_sql("x", "BIGINT"), "12.5") is None
    assert _sql(t.number_sql("x", "BIGINT"), "12.0") == 12


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="۰۱۲٣٤0123456789.,٬٫-−+ %٪a\u200c\u200f", max_size=8))
def test_number_and_sql_agree_on_any_text(written: str) -> None:
    for decimal, thousands in ((".", ","), ("٫", "٬"), (",", ".")):
        for percent in (False, True):
            sql = t.number_sql("x", "DECIMAL(38,12)", decimal=decimal, thousands=thousands, percent=percent)
            value = t.parse_number(written, decimal=decimal, thousands=thousands, percent=percent)
            assert _sql(sql, written) == value, (written, decimal, percent)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="يكیک۱٢ab \u200c\u200e\u00a0\ufeff\t\n", max_size=10))
def test_fold_and_sql_agree(written: str) -> None:
    assert _sql(t.fold_sql("x"), written) == t.fold(written)


def test_fold_unifies_letters_digits_and_spaces() -> None:
    assert t.fold(" \ufeffكيف\u200cها  ۱۲٣ ") == "کیفها 123"
    assert t.persian_digits(t.ascii_digits("۱۲٣")) == "۱۲۳"
