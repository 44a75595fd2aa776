"""Persian headers, digits, dates and money units."""

# ruff: noqa: DTZ001 - instants of the raw zone are UTC without a zone
from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import jdatetime
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from connectors.core.errors import SchemaError, SourceDataError
from connectors.core.text import persian_digits
from connectors.files.config import DatedUnit, FileSourceConfig
from connectors.files.headers import find, fold
from connectors.files.money import require_unit
from tests.unit.files.conftest import World

SPELLINGS = ("{y}/{m:02}/{d:02}", "{y}-{m}-{d}", "{y}{m:02}{d:02}")


def test_ravand_export_with_jalali_dates_and_persian_digits_lands_as_web_traffic(world: World) -> None:
    world.drop("r.csv", "تاریخ,نشست‌ها,بازدید صفحه,کانال\n۱۴۰۵/۰۸/۱۰,۱٬۲۳۴,۲۰۰۰,ارگانیک\nجمع,۱٬۲۳۴,۲۰۰۰,\n")
    world.land("ravand_file", currency="USD")
    assert world.rows("select date, sessions, page_views, channel_group, _slice from raw.web__traffic") == [
        (date(2026, 11, 1), 1234, 2000, "ارگانیک", "2026-11-01")
    ]


def test_novin_export_can_be_redirected_to_followers(world: World) -> None:
    world.drop("n.csv", "تاريخ,شبكه,حساب,دنبال کنندگان\n10 آبان 1405,instagram,acme,١٢٣\n")
    [landing] = world.land("novin_file", stream="social/followers")
    assert landing.stream.id == "social/followers"
    assert world.rows("select date, platform, followers from raw.social__followers") == [
        (date(2026, 11, 1), "instagram", 123)
    ]


@given(
    day=st.dates(date(1930, 1, 1), date(2090, 12, 31)),
    count=st.integers(-(10**9), 10**9),
    spelling=st.sampled_from(SPELLINGS),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_persian_spellings_of_days_and_numbers_come_back(
    world: World, day: date, count: int, spelling: str
) -> None:
    jalali = jdatetime.date.fromgregorian(date=day)
    text = persian_digits(spelling.format(y=jalali.year, m=jalali.month, d=jalali.day))
    number = persian_digits(f"{abs(count):,}".replace(",", "٬")) + ("−" if count < 0 else "")
    world.drop("r.csv", f"تاریخ,نشست\n{text},{number}\n")
    world.land("ravand_file", currency="USD")
    assert world.rows("select date, sessions from raw.web__traffic where _file = 'r.csv'") == [(day, count)]


ORDER = "شماره سفارش;تاریخ;مبلغ (تومان)\n1;1405/08/10;۱۲٬۵۰۰٫۵\n"


def order_amount(world: World, **config: object) -> tuple[object, ...]:
    world.drop("o.csv", ORDER)
    world.land("orders_file", currency="IRR", delimiter=";", decimal="٫", **config)
    return world.rows("select goods_amount, currency_code from raw.orders__orders")[0]


def test_toman_becomes_rial(world: World) -> None:
    assert order_amount(world, money_unit="toman") == (Decimal(125_005), "IRR")


def test_rial_amounts_without_a_unit_are_refused(world: World) -> None:
    with pytest.raises(SchemaError, match="money_unit: rial"):
        order_amount(world)


def test_a_header_that_contradicts_the_declared_unit_is_refused(world: World) -> None:
    with pytest.raises(SchemaError, match="header says 'تومان'"):
        order_amount(world, money_unit="rial")


@pytest.mark.parametrize("word", ["from", "effective_from"])
def test_a_new_unit_holds_from_its_day_on(world: World, word: str) -> None:
    world.drop("o.csv", "Order ID,Date,Subtotal\n1,2026-11-01,3\n2,2026-01-01,3\n")
    unit = {"unit": "new_rial", "rials": 10_000, word: "2026-06-01"}
    [landing] = world.land("orders_file", currency="IRR", money_unit=unit, reject_threshold=0.5)
    assert world.rows("select order_id, goods_amount from raw.orders__orders") == [("1", Decimal(30_000))]
    assert landing.rejected == 1


UNITS = [{"unit": "toman", "until": "2026-03-20"}, {"unit": "rial", "from": "2026-03-21"}]
DATED = "Order ID,Date,Subtotal\n1,2026-03-20 23:59,3\n2,2026-03-21 00:00,3\n"


def test_the_date_of_a_row_decides_its_unit(world: World) -> None:
    """Midnight of the source's own zone parts the units."""
    world.drop("o.csv", DATED)
    [landing] = world.land("orders_file", currency="IRR", timezone="Asia/Tehran", money_unit=UNITS)
    assert landing.rejected == 0
    assert world.rows("select order_id, goods_amount, currency_code from raw.orders__orders order by 1") == [
        ("1", Decimal(30), "IRR"),
        ("2", Decimal(3), "IRR"),
    ]


def test_a_code_of_the_row_goes_before_the_date(world: World) -> None:
    world.drop(
        "o.csv",
        "Order ID,Date,Subtotal,Currency\n1,2026-03-01,3,USD\n2,2026-03-01,3,IRT\n3,2026-03-01,3,\n4,2026-04-01,3,IRR\n",
    )
    world.land("orders_file", currency="IRR", money_unit=UNITS)
    assert world.rows("select goods_amount, currency_code from raw.orders__orders order by order_id") == [
        (Decimal(3), "USD"),
        (Decimal(30), "IRR"),
        (Decimal(30), "IRR"),
        (Decimal(3), "IRR"),
    ]


def test_three_units_after_each_other_and_a_new_one_with_its_worth(world: World) -> None:
    units = [
        {"unit": "toman", "from": "2026-01-01", "until": "2026-01-31"},
        {"unit": "million_rial", "from": "2026-02-01", "until": "2026-02-28"},
        {"unit": "new_rial", "rials": 10_000, "from": "2026-03-01", "until": "2026-12-31"},
    ]
    days = ("2025-12-31", "2026-01-31", "2026-02-28", "2026-03-01", "2027-01-01")
    world.drop("o.csv", "Order ID,Date,Subtotal\n" + "".join(f"{n},{day},2\n" for n, day in enumerate(days)))
    [landing] = world.land("orders_file", currency="IRR", money_unit=units, reject_threshold=0.5)
    assert landing.rejected == 2
    assert world.rows("select order_id, goods_amount from raw.orders__orders order by 1") == [
        ("1", Decimal(20)),
        ("2", Decimal(2_000_000)),
        ("3", Decimal(20_000)),
    ]


def test_an_amount_outside_the_declared_days_says_so(world: World) -> None:
    units = [{"unit": "toman", "from": "2026-03-01", "until": "2026-03-20"}]
    world.drop("early.csv", "Order ID,Date,Subtotal\n1,2026-02-28,3\n")
    with pytest.raises(SourceDataError, match="toman holds from 2026-03-01 on; an earlier amount"):
        world.land("orders_file", currency="IRR", money_unit=units)
    world.drop("early.csv", "Order ID,Date,Subtotal\n1,2026-03-21,3\n")
    with pytest.raises(SourceDataError, match="toman holds until 2026-03-20; a later amount"):
        world.land("orders_file", currency="IRR", money_unit=units)


def test_a_header_that_contradicts_the_unit_of_a_day_rejects_the_row(world: World) -> None:
    world.drop("o.csv", DATED.replace("Subtotal", "مبلغ (تومان)"))
    [landing] = world.land(
        "orders_file", currency="IRR", timezone="Asia/Tehran", money_unit=UNITS, reject_threshold=0.5
    )
    assert landing.rejected == 1
    assert world.rows("select order_id, goods_amount from raw.orders__orders") == [("1", Decimal(30))]


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        ([], "empty list"),
        (
            [{"unit": "toman", "until": "2026-03-20"}, {"unit": "rial", "from": "2026-03-22"}],
            "leaves a gap after",
        ),
        ([{"unit": "toman", "until": "2026-03-20"}, {"unit": "rial", "from": "2026-03-20"}], "overlaps"),
        ([{"unit": "toman"}, {"unit": "rial", "from": "2026-03-20"}], "toman needs its last day"),
        ([{"unit": "tuman"}], "'tuman' is none of rial"),
        ([{"unit": "new_rial", "rials": 0}], "greater than 0"),
        ([{"unit": "new_rial", "rials": 10_000}], "from which day on amounts are in new_rial"),
        ([{"unit": "toman", "from": "2026-03-20", "until": "2026-03-19"}], "ends .* before it starts"),
        ([{"unit": "toman", "to": "2026-03-20"}], r"money_unit\.history\.0\.to"),
    ],
)
def test_units_must_follow_each_other(units: list[dict[str, object]], expected: str) -> None:
    settings = {"connector": "orders_file", "brand": "acme", "path": "exports/*", "money_unit": units}
    with pytest.raises(ValidationError, match=f"(?s)money_unit.*{expected}|{expected}"):
        FileSourceConfig.model_validate(settings)


def test_dated_units_need_rows_with_a_date() -> None:
    with pytest.raises(SchemaError, match="have no date of their own"):
        require_unit(
            source_id="s",
            currency="IRR",
            unit=(
                DatedUnit(unit="toman", until=date(2026, 3, 20)),
                DatedUnit(unit="rial", start=date(2026, 3, 21)),
            ),
            has_amounts=True,
            has_days=False,
        )


def test_moments_without_a_zone_are_placed_by_the_source_zone(world: World) -> None:
    world.drop("o.csv", "Order ID,Date,Subtotal\n1,2026-11-01 00:10,3\n2,2026-11-01T00:10:00Z,3\n")
    world.land("orders_file", timezone="Asia/Tehran")
    assert world.rows("select ordered_at from raw.orders__orders order by order_id") == [
        (datetime(2026, 10, 31, 20, 40),),
        (datetime(2026, 11, 1, 0, 10),),
    ]


@pytest.mark.parametrize("written", ["شماره‌ سفارش", "شماره سفارش", "\ufeffشماره_سفارش", "شماره  سفارش\u200f"])
def test_headers_match_whatever_their_joiners_and_letters(written: str) -> None:
    assert find(("شماره سفارش",), ["x", written]) == (1, None)


def test_a_currency_in_brackets_is_told_apart() -> None:
    assert find(("Amount spent (*)",), ["Amount spent (USD)"]) == (0, "USD")
    assert fold("Ｃｏｓｔ ") == "cost"
