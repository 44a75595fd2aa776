"""Histories of subscription items: what lands, in which unit, and what is refused with which words."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.core.errors import SourceDataError
from connectors.subscriptions.words import WORDS
from tests.unit.files.conftest import World

SEED = Path(__file__).parents[3] / "dbt_project" / "seeds" / "subscription_words.csv"
HEADER = (
    "Item ID,Customer ID,Effective from,Status,Quantity,Unit price,Interval,Interval count,Tiers,Tiers mode"
)
TIERS = '"[{""up_to"":10,""unit_amount"":""5.00""},{""up_to"":null,""unit_amount"":4}]"'


def test_the_sql_knows_the_same_words_as_the_landing() -> None:
    with SEED.open(encoding="utf-8", newline="") as file:
        seeded = [(row["field"], row["word"], row["meaning"]) for row in csv.DictReader(file)]
    declared = [
        (column, word, meaning)
        for column, meanings in WORDS.items()
        for meaning, words in meanings.items()
        for word in words
    ]
    assert seeded == declared
    assert all(word == word.lower() for _, word, _ in declared)


def test_an_ordinary_history_lands_with_its_defaults(world: World) -> None:
    world.drop(
        "items.csv",
        "Item ID,Customer ID,Customer email,Effective from,Amount\n"
        "i1,c1,one@customer.example,2026-01-01T00:00:00Z,10\n"
        "i1,c1,info@customer.example,2026-02-01T00:00:00Z,12\n",
    )
    [landing] = world.land("subscription_items_file")
    assert landing.rejected == 0
    assert world.rows(
        "select effective_at::varchar, status, quantity, unit_amount, currency_code, interval, interval_count, "
        "tier_unit, is_role_subscriber_email, subscriber_email_domain from raw.subscriptions__items order by 1"
    ) == [
        (f"2026-0{month}-01 00:00:00", "active", 1, amount, "USD", "month", 1, 1, role, "customer.example")
        for month, amount, role in ((1, 10, False), (2, 12, True))
    ]


def test_a_persian_history_in_toman_says_what_a_tier_is_worth(world: World) -> None:
    world.drop(
        "items.csv",
        "شناسه قلم,کد مشتری,از تاریخ,وضعیت,تعداد,قیمت واحد (تومان),دوره,پله‌ها,نوع پله,درصد تخفیف,مدت تخفیف\n"
        "ق۱,م۱,۱۴۰۵/۰۷/۱۰,فعال,۲,۱٬۰۰۰,ماهانه,,,۲۵,دائمی\n"
        f"ق۲,م۲,۱۴۰۵/۰۷/۱۰,لغو شده,۱۵,,سالانه,{TIERS},پلکانی,,\n",
    )
    [landing] = world.land(
        "subscription_items_file", currency="IRR", money_unit="toman", timezone="Asia/Tehran"
    )
    assert landing.rejected == 0
    assert world.rows(
        "select item_id, effective_at::varchar, status, quantity, unit_amount, interval, tier_unit, tiers_mode, "
        "discount_percent, discount_duration from raw.subscriptions__items order by 1"
    ) == [
        ("ق۱", "2026-10-01 20:30:00", "فعال", 2, 10_000, "ماهانه", 10, None, 25, "دائمی"),
        ("ق۲", "2026-10-01 20:30:00", "لغو شده", 15, None, "سالانه", 10, "پلکانی", None, None),
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("i,c,2026-01-01,on_hold,1,10,month,1,,", "status: unknown status; known are active, past_due"),
        ("i,c,2026-01-01,,1,10,month,1,,", "status: no value"),
        (
            "i,c,2026-01-01,active,1,10,fortnight,1,,",
            "interval: unknown interval; known are day, week, month, year",
        ),
        ("i,c,2026-01-01,active,1,10,month,0,,", "interval_count: less than one interval"),
        ("i,c,2026-01-01,active,-1,10,month,1,,", "quantity: a negative quantity"),
        (
            f"i,c,2026-01-01,active,1,,month,1,{TIERS},stairs",
            "tiers_mode: unknown tiers mode; known are graduated",
        ),
        *(
            (f'i,c,2026-01-01,active,1,,month,1,"{tiers}",volume', "pricing_tiers: not a JSON list of tiers")
            for tiers in (
                "10 at 5",
                "[]",
                "[1]",
                '{""up_to"":null,""unit_amount"":5}',
                '[{""up_to"":10,""unit_amount"":5}]',
                '[{""up_to"":null,""unit_amount"":""five""}]',
                '[{""up_to"":null}]',
                '[{""up_to"":20,""unit_amount"":5},{""up_to"":10,""unit_amount"":4},{""up_to"":null,""unit_amount"":3}]',
                '[{""up_to"":10,""unit_amount"":5},{""up_to"":10,""unit_amount"":4},{""up_to"":null,""unit_amount"":3}]',
                '[{""up_to"":null,""unit_amount"":5},{""up_to"":null,""unit_amount"":4}]',
                '[{""up_to"":0,""unit_amount"":5},{""up_to"":null,""unit_amount"":4}]',
                '[{""up_to"":null,""unit_amount"":-5}]',
            )
        ),
    ],
)
def test_what_nobody_can_tell_is_refused_by_line_and_column(world: World, row: str, reason: str) -> None:
    world.drop("items.csv", f"{HEADER}\n{row}\n")
    with pytest.raises(SourceDataError) as raised:
        world.land("subscription_items_file")
    assert f"items.csv, line 2, column {reason}" in str(raised.value)


def test_percent_off_is_points_and_within_bounds(world: World) -> None:
    header = "Item ID,Customer ID,Effective from,Amount,Percent off\n"
    world.drop("items.csv", f"{header}i,c,2026-01-01,10,12.5\nj,c,2026-01-01,10,100\n")
    world.land("subscription_items_file")
    assert world.rows("select discount_percent from raw.subscriptions__items order by 1") == [
        (Decimal("12.5"),),
        (Decimal(100),),
    ]
    world.drop("more.csv", f"{header}k,c,2026-01-01,10,101\n")
    with pytest.raises(SourceDataError, match="a discount is 0 to 100 percent"):
        world.land("subscription_items_file")
