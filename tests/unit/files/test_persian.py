"""Persian headers, digits, dates and money units."""

# ruff: noqa: DTZ001 - instants of the raw zone are UTC without a zone
from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import jdatetime
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.core.errors import SchemaError
from connectors.core.text import persian_digits
from connectors.files.headers import find, fold
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


def test_a_new_unit_holds_from_its_day_on(world: World) -> None:
    world.drop("o.csv", "Order ID,Date,Subtotal\n1,2026-11-01,3\n2,2026-01-01,3\n")
    unit = {"unit": "new_rial", "rials": 10_000, "effective_from": "2026-06-01"}
    [landing] = world.land("orders_file", currency="IRR", money_unit=unit, reject_threshold=0.5)
    assert world.rows("select order_id, goods_amount from raw.orders__orders") == [("1", Decimal(30_000))]
    assert landing.rejected == 1


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
