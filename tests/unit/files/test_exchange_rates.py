"""Rate files: long ones as APIs answer, wide ones as central banks publish."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from connectors.core.errors import SourceDataError
from tests.unit.files.conftest import World

RATES = "select date::varchar, from_currency, to_currency, rate from raw.exchange_rates__rates order by all"


def landed(world: World, name: str, content: str, **config: Any) -> list[tuple[Any, ...]]:
    world.drop(name, content)
    [landing] = world.land("exchange_rates_file", **config)
    assert landing.rejected == 0
    return world.rows(RATES)


def test_a_long_file_as_an_api_answers_lands_by_its_usual_words(world: World) -> None:
    rows = [{"date": "2026-01-01", "base": "EUR", "quote": "USD", "rate": 1.0842}]
    assert landed(world, "rates.json", json.dumps(rows)) == [("2026-01-01", "EUR", "USD", Decimal("1.0842"))]


def test_a_small_rate_keeps_its_digits(world: World) -> None:
    """A rial in euros: six digits after the point would make it 0.000001, a third off."""
    rows = landed(
        world, "r.csv", "Date,From,To,Rate\n2026-01-01,IRR,EUR,0.00000142\n2026-01-01,EUR,IRR,704225.35\n"
    )
    assert rows == [
        ("2026-01-01", "EUR", "IRR", Decimal("704225.35")),
        ("2026-01-01", "IRR", "EUR", Decimal("0.00000142")),
    ]


def test_a_column_per_currency_as_the_central_bank_publishes_it(world: World) -> None:
    """The list ends its lines with a comma and writes N/A where there was no fixing."""
    content = "Date, USD, JPY, IRR,\n2026-01-02,1.0842,171.2,N/A,\n2026-01-01,1.08,170.55,,\n"
    assert landed(world, "eurofxref-hist.csv", content, columns={"from_currency": {"constant": "EUR"}}) == [
        ("2026-01-01", "EUR", "JPY", Decimal("170.55")),
        ("2026-01-01", "EUR", "USD", Decimal("1.08")),
        ("2026-01-02", "EUR", "JPY", Decimal("171.2")),
        ("2026-01-02", "EUR", "USD", Decimal("1.0842")),
    ]


def test_a_wide_file_may_name_its_base_in_a_column(world: World) -> None:
    content = "TIME_PERIOD,Base,USD,GBP\n2026-01-01,EUR,1.08,0.85\n2026-01-01,CHF,1.1,0.9\n"
    assert landed(world, "r.csv", content) == [
        ("2026-01-01", "CHF", "GBP", Decimal("0.9")),
        ("2026-01-01", "CHF", "USD", Decimal("1.1")),
        ("2026-01-01", "EUR", "GBP", Decimal("0.85")),
        ("2026-01-01", "EUR", "USD", Decimal("1.08")),
    ]


def test_a_wide_file_of_prices_says_in_which_currency(world: World) -> None:
    content = "تاریخ,USD,EUR\n۱۴۰۴/۱۰/۱۱,۹۰٬۰۰۰,۹۷٬۵۰۰\n"
    assert landed(world, "r.csv", content, columns={"to_currency": {"constant": "IRT"}}) == [
        ("2026-01-01", "EUR", "IRT", Decimal(97_500)),
        ("2026-01-01", "USD", "IRT", Decimal(90_000)),
    ]


def test_a_bad_rate_of_a_wide_file_is_named_with_its_line(world: World) -> None:
    world.drop("r.csv", "Date,USD,GBP\n2026-01-01,1.08,0.85\n2026-01-02,1.09,zero\n2026-01-03,0,0.85\n")
    with pytest.raises(SourceDataError) as raised:
        world.land("exchange_rates_file", columns={"from_currency": {"constant": "EUR"}})
    assert "2 of 6 rows" in str(raised.value)
    assert "r.csv, line 3, column rate: not a rate (" in str(raised.value)
    assert "r.csv, line 4, column rate: a rate is above 0 (" in str(raised.value)


def test_a_repeated_day_of_a_wide_file_counts_once_per_currency(world: World) -> None:
    content = "Date,USD,GBP\n2026-01-01,1.08,0.85\n2026-01-01,1.08,0.85\n"
    world.drop("r.csv", content)
    [landing] = world.land("exchange_rates_file", columns={"from_currency": {"constant": "EUR"}})
    assert (landing.rows, landing.rejected) == (2, 0)
