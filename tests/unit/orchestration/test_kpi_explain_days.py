"""What ``sanjeh explain`` says of days: a loaded day without a row is 0, one that was not loaded is unknown."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from orchestration.kpi_explain import _days, _loaded, _parts
from orchestration.kpi_explain_view import _amount
from orchestration.kpi_explain_view import _days as days_table

FIRST, LAST = date(2026, 1, 1), date(2026, 1, 4)


def _input(source: str, first: int, last: int) -> dict[str, Any]:
    return {
        "side": "numerator",
        "measure": "orders",
        "source_id": source,
        "connector": "orders",
        "stream": "orders",
        "weight": Decimal(1),
        "additivity": "additive",
        "unit": "count",
        "first_date": date(2026, 1, first),
        "last_date": date(2026, 1, last),
    }


def _amount_of(source: str, day: int, amount: int) -> dict[str, Any]:
    return {
        "measure": "orders",
        "source_id": source,
        "period_start": date(2026, 1, day),
        "amount": Decimal(amount),
    }


def _told(*days: tuple[int, bool, bool]) -> list[dict[str, Any]]:
    return [
        {"day": date(2026, 1, day), "is_loaded": is_loaded, "is_expected": is_expected}
        for day, is_loaded, is_expected in days
    ]


def _missing(source: str, first: int, last: int) -> dict[str, Any]:
    return {
        "source_id": source,
        "measure": "orders",
        "first_day": date(2026, 1, first),
        "last_day": date(2026, 1, last),
        "is_overdue": True,
    }


def _said(
    inputs: list[dict[str, Any]],
    amounts: list[dict[str, Any]],
    missing: list[dict[str, Any]],
    told: list[dict[str, Any]],
) -> tuple[list[Decimal | None], list[Decimal | None]]:
    """Amounts by day and by part."""
    loaded = _loaded(inputs, missing, told, first=FIRST, through=LAST)
    days = _days(inputs, amounts, missing, loaded, first=FIRST, through=LAST)
    return [day["orders"] for day in days], [part["amount"] for part in _parts(inputs, amounts, loaded)]


def test_days_after_the_last_load_are_unknown_and_loaded_ones_without_rows_are_zero() -> None:
    told = _told((1, True, True), (2, True, True), (3, False, False), (4, False, False))

    days, parts = _said([_input("shop", 1, 2)], [_amount_of("shop", 1, 5)], [], told)

    assert days == [5, 0, None, None]
    assert parts == [5]


def test_a_period_without_a_loaded_day_has_no_amount_at_all() -> None:
    told = _told(*((day, False, False) for day in (1, 2, 3, 4)))

    days, parts = _said([{**_input("shop", 1, 2), "first_date": date(2025, 1, 1)}], [], [], told)
    ended = {**_input("shop", 1, 2), "first_date": date(2025, 1, 1), "last_date": date(2025, 12, 31)}

    assert (days, parts) == ([None] * 4, [None])
    assert _said([ended], [], [], []) == ([None] * 4, [None])


def test_days_before_the_first_load_and_owed_ones_are_unknown() -> None:
    told = _told((2, True, True), (3, False, True), (4, True, True))

    days, parts = _said([_input("shop", 2, 4)], [], [_missing("shop", 3, 3)], told)

    assert days == [None, 0, None, 0]
    assert parts == [0]


def test_a_source_that_owes_all_days_adds_an_unknown_amount_beside_one_that_is_loaded() -> None:
    inputs = [_input("app", 1, 4), _input("shop", 1, 4)]
    told = _told(*((day, False, True) for day in (1, 2, 3, 4)))

    days, parts = _said(inputs, [_amount_of("shop", 1, 5)], [_missing("app", 1, 4)], told)

    assert days == [None] * 4
    assert parts == [None, 5]


def test_a_source_that_has_ended_adds_an_unknown_amount_beside_its_successor() -> None:
    ended = {**_input("old", 1, 1), "first_date": date(2025, 1, 1), "last_date": date(2025, 12, 31)}
    told = _told(*((day, True, True) for day in (1, 2, 3, 4)))

    days, parts = _said([_input("new", 1, 4), ended], [_amount_of("new", 1, 5)], [], told)

    assert days == [5, 0, 0, 0]
    assert parts == [5, None]


@pytest.mark.parametrize(
    ("amount", "unit", "text"),
    [
        (Decimal("38734.7"), "money", "38,734.70"),
        (Decimal(0), "money", "0.00"),
        (Decimal("0.123456"), "money", "0.123456"),
        (Decimal(1234), "count", "1,234"),
        (None, "money", "–"),
    ],
)
def test_money_keeps_two_digits(amount: Decimal | None, unit: str, text: str) -> None:
    assert _amount(amount, unit) == text


def test_the_days_of_a_table_show_a_dash_for_what_is_unknown() -> None:
    said = {
        "parts": [{"measure": "revenue", "unit": "money"}],
        "days": [
            {"day": date(2026, 1, 1), "revenue": Decimal("38734.7")},
            {"day": date(2026, 1, 2), "revenue": None},
        ],
    }
    console = Console(file=StringIO(), width=80)
    console.print(days_table(said))
    text = console.file.getvalue()  # type: ignore[attr-defined]

    assert "38,734.70" in text
    assert [line.split("│")[2].strip() for line in text.splitlines() if "2026-01-02" in line] == ["–"]
