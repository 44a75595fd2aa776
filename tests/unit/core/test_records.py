"""Values as an API gives them arrive in their declared types unchanged, or are named as unreadable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.core.feed import Batch
from connectors.core.records import Columnar, typed_select, unreadable
from connectors.core.stream import Column, Kind, Stream, Type

EVERY_TYPE = Stream(
    connector="test",
    name="values",
    kind=Kind.ENTITY,
    description="A column of each type, named after it",
    columns=tuple(Column(type_.value, type_, type_.value) for type_ in Type),
)
quick = settings(max_examples=15, deadline=None)
"""Each example is a query, and most hold several values."""
CON = duckdb.connect(config={"threads": 1})
CON.execute("set timezone = 'UTC'")

_WORDS = st.text(st.sampled_from("پویش‌ میوه۱۲ي كA-_ \t\u200e😀'\"\\;"))
_INTEGERS = st.integers(-(2**63), 2**63 - 1)
_MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1))  # noqa: DTZ001 - UTC without zone, as stored
_OFFSETS = st.integers(-14 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))


def gathered(batches: Sequence[Mapping[str, Sequence[object]]], stream: Stream = EVERY_TYPE) -> Columnar:
    """Batches of columns."""
    columnar = Columnar(stream)
    for columns in batches:
        columnar.add(Batch(stream, columns))
    return columnar


def typed(column: Type, values: Sequence[object]) -> list[Any]:
    """What ``values`` of a column become."""
    stream = replace(EVERY_TYPE, columns=(EVERY_TYPE.column(column.value),))
    wire = gathered([{column.value: values}], stream).take()
    CON.register("wire", wire)
    return [row[0] for row in CON.execute(typed_select(stream, wire.schema, "wire")).fetchall()]


def complaint(column: Type, values: Sequence[object]) -> str | None:
    """What is said of unreadable ``values``."""
    wire = gathered([{column.value: values}]).take()
    CON.register("wire", wire)
    error = unreadable(CON, EVERY_TYPE, wire.schema, "wire", source="shop")
    assert error is None or error.column == column.value
    return None if error is None else str(error)


@quick
@given(st.lists(st.none() | _WORDS | st.text()))
def test_text_stays_as_it_is(values: list[str | None]) -> None:
    assert typed(Type.STRING, values) == values


@quick
@given(st.lists(st.none() | _INTEGERS), st.booleans())
def test_whole_numbers_stay_as_they_are(values: list[int | None], as_text: bool) -> None:
    sent = [None if value is None else str(value) for value in values] if as_text else values
    assert typed(Type.INTEGER, sent) == values


@quick
@given(st.lists(st.integers(-(2**53), 2**53), min_size=1))
def test_whole_numbers_may_come_as_floating_ones(values: list[int]) -> None:
    assert typed(Type.INTEGER, [float(value) for value in values]) == values
    assert typed(Type.INTEGER, [f"{value}.0" for value in values]) == values


@quick
@given(st.lists(_INTEGERS), st.lists(_INTEGERS.map(str)))
def test_numbers_and_their_texts_may_come_mixed(numbers: list[int], texts: list[str]) -> None:
    assert typed(Type.INTEGER, [*numbers, *texts]) == [*numbers, *(int(text) for text in texts)]


@quick
@given(st.lists(_INTEGERS), st.lists(st.floats(-1e6, 1e6)))
def test_whole_and_floating_numbers_may_come_mixed_in_a_text_column(
    whole: list[int], floating: list[float]
) -> None:
    told = typed(Type.STRING, [*whole, *floating])
    assert told[: len(whole)] == [str(value) for value in whole]
    assert [float(value) for value in told[len(whole) :]] == floating


@pytest.mark.parametrize("column", [Type.DECIMAL, Type.MONEY])
@quick
@given(
    values=st.lists(
        st.none() | st.decimals(-999_999_999_999, 999_999_999_999, places=6, allow_nan=False), max_size=10
    )
)
def test_decimals_stay_exact_as_text(column: Type, values: list[Decimal | None]) -> None:
    assert typed(column, [None if value is None else str(value) for value in values]) == values


@quick
@given(st.lists(st.integers(-(10**9), 10**9), min_size=1))
def test_decimals_may_come_as_numbers(hundredths: list[int]) -> None:
    exact = [Decimal(value).scaleb(-2) for value in hundredths]
    assert typed(Type.MONEY, [value / 100 for value in hundredths]) == exact
    assert typed(Type.MONEY, hundredths) == [Decimal(value) for value in hundredths]


@quick
@given(st.lists(st.none() | st.floats(allow_nan=False, allow_infinity=False)), st.booleans())
def test_numbers_stay_as_they_are(values: list[float | None], as_text: bool) -> None:
    sent = [None if value is None else repr(value) for value in values] if as_text else values
    assert typed(Type.NUMBER, sent) == values


@quick
@given(
    st.lists(st.none() | st.dates(date(1000, 1, 1), date(9999, 12, 31))),
    st.sampled_from(["%Y-%m-%d", "%Y%m%d"]),
)
def test_dates_are_read_in_both_forms(values: list[date | None], form: str) -> None:
    sent = [None if value is None else value.strftime(form) for value in values]
    assert typed(Type.DATE, sent) == values


@quick
@given(_MOMENTS, _OFFSETS, st.sampled_from(["T", " "]))
def test_moments_with_a_zone_become_utc(moment: datetime, zone: timezone, between: str) -> None:
    sent = moment.replace(tzinfo=UTC).astimezone(zone).isoformat(between)
    assert typed(Type.INSTANT, [sent, None]) == [moment, None]


@quick
@given(_MOMENTS)
def test_moments_without_a_zone_are_utc(moment: datetime) -> None:
    assert typed(Type.INSTANT, [moment.isoformat(), f"{moment.isoformat()}Z"]) == [moment, moment]


@quick
@given(_MOMENTS, st.booleans())
def test_moments_may_come_as_milliseconds(moment: datetime, as_text: bool) -> None:
    milliseconds = (moment - datetime(1970, 1, 1)) // timedelta(milliseconds=1)  # noqa: DTZ001 - UTC without zone
    sent = str(milliseconds) if as_text else milliseconds
    assert typed(Type.INSTANT, [sent]) == [moment.replace(microsecond=moment.microsecond // 1000 * 1000)]


@quick
@given(st.lists(st.none() | st.booleans()), st.booleans())
def test_booleans_stay_as_they_are(values: list[bool | None], as_text: bool) -> None:
    sent = [None if value is None else str(value).lower() for value in values] if as_text else values
    assert typed(Type.BOOLEAN, sent) == values


@pytest.mark.parametrize("column", [type_ for type_ in Type if type_ is not Type.STRING])
@pytest.mark.parametrize("nothing", ["", "  "])
def test_empty_text_is_no_value_except_in_text(column: Type, nothing: str) -> None:
    assert typed(column, [nothing, None]) == [None, None]
    assert complaint(column, [nothing, None]) is None
    assert typed(Type.STRING, [nothing]) == [nothing]


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        (Type.INTEGER, "many", "'xxxx'"),
        (Type.INTEGER, "12.5", "'99.9'"),
        (Type.INTEGER, 12.5, "'99.9'"),
        (Type.INTEGER, True, "'xxxx'"),
        (Type.INTEGER, 2**63, "'9999999999999999999'"),
        (Type.NUMBER, "1,5", "'9,9'"),
        (Type.NUMBER, False, "'xxxxx'"),
        (Type.DECIMAL, "n/a", "'x/x'"),
        (Type.MONEY, "9" * 13, "'9999999999999'"),
        (Type.MONEY, True, "'xxxx'"),
        (Type.DATE, "yesterday", "'xxxxxxxxx'"),
        (Type.DATE, "20261340", "'99999999'"),
        (Type.DATE, 1_793_491_200_000, "'9999999999999'"),
        (Type.DATE, 1.5, "'9.9'"),
        (Type.DATE, True, "'xxxx'"),
        (Type.INSTANT, "noon", "'xxxx'"),
        (Type.INSTANT, "2026-13-40T00:00:00", "'9999-99-99x99:99:99'"),
        (Type.INSTANT, 1.5, "'9.9'"),
        (Type.INSTANT, False, "'xxxxx'"),
        (Type.BOOLEAN, "perhaps", "'xxxxxxx'"),
        (Type.BOOLEAN, 5, "'9'"),
        (Type.BOOLEAN, 0.5, "'9.9'"),
    ],
)
def test_a_value_of_another_type_is_named_with_its_column_and_its_shape_only(
    column: Type, value: object, shown: str
) -> None:
    with pytest.raises(duckdb.Error):
        typed(column, [value])
    said = complaint(column, [value])
    assert said is not None
    assert f"Source shop, stream test/values: column {column.value} should hold" in said
    assert f"a value looks like {shown}" in said
    assert "\n" not in said


def test_numbers_that_mean_a_boolean_or_a_day_are_read() -> None:
    assert typed(Type.BOOLEAN, [1, 0, None]) == [True, False, None]
    assert typed(Type.DATE, [20261101]) == [date(2026, 11, 1)]


def test_the_first_unreadable_column_is_named_when_good_values_surround_the_bad_one() -> None:
    assert complaint(Type.INTEGER, [*map(str, range(5000)), "secret name", "7"]) is not None
    assert "secret" not in str(complaint(Type.INTEGER, ["1", "secret name"]))
    assert complaint(Type.INTEGER, ["1", None, " 2 "]) is None


def test_columns_that_a_batch_lacks_are_null_in_its_rows() -> None:
    columnar = gathered(
        [
            {"string": ["a"], "integer": [1]},
            {"string": ["b", "c"]},
            {"integer": [4], "extra": ["x"]},
            {},
            {"extra": [5]},
        ]
    )
    wire = columnar.take()
    assert wire.select(["string", "integer", "extra"]).to_pylist() == [
        {"string": "a", "integer": 1, "extra": None},
        {"string": "b", "integer": None, "extra": None},
        {"string": "c", "integer": None, "extra": None},
        {"string": None, "integer": 4, "extra": "x"},
        {"string": None, "integer": None, "extra": "5"},
    ]
    assert (columnar.supplied, list(columnar.extras), columnar.rows) == ({"string", "integer"}, ["extra"], 0)


def test_every_declared_column_is_there_in_order_though_none_was_supplied() -> None:
    wire = gathered([{"extra": [1, 2]}]).take()
    assert wire.column_names == [*(column.name for column in EVERY_TYPE.columns), "extra"]
    assert wire.column("integer").to_pylist() == [None, None]


@quick
@given(st.lists(st.none() | st.booleans() | _INTEGERS | st.floats(allow_nan=False) | st.text(), max_size=8))
def test_any_mixture_of_values_is_text_in_an_undeclared_column(values: list[object]) -> None:
    wire = gathered([{"extra": values}]).take()
    CON.register("wire", wire)
    select = typed_select(EVERY_TYPE, wire.schema, "wire")
    told = CON.execute(f"select extra from ({select})").fetchall()
    assert [row[0] is None for row in told] == [value is None for value in values]
    assert all(value is None or isinstance(value, str) for (value,) in told)


def test_half_a_character_is_replaced_and_breaks_nothing() -> None:
    assert typed(Type.STRING, ["cut \ud83d", "whole 😀", None]) == ["cut \ufffd", "whole 😀", None]
