"""Rows, rows a second and time left of a long reading."""

from __future__ import annotations

import pytest

from connectors.core.pace import Pace, Pacer
from tests.unit.core.fake_clock import FakeClock


def pacer_on(clock: FakeClock, told: list[Pace], *, whole: int | None) -> Pacer:
    return Pacer(told.append, what="a.csv", whole=whole, clock=lambda: clock.now)


def test_pace_is_told_once_a_second_with_what_is_left() -> None:
    clock, told = FakeClock(), []
    pacer = pacer_on(clock, told, whole=10_000)
    for _ in range(5):
        pacer.add(100, 1_000)
        clock.pass_(0.5)
    assert [(each.rows, each.seconds, each.fraction) for each in told] == [(300, 1.0, 0.3), (500, 2.0, 0.5)]
    assert told[-1].rows_per_second == 250
    assert told[-1].seconds_left == pytest.approx(2.0)
    assert str(told[-1]) == "a.csv: 500 rows, 250 rows/s, about 2 s left"


def test_nothing_is_told_of_what_takes_less_than_a_second() -> None:
    clock, told = FakeClock(), []
    pacer_on(clock, told, whole=100).add(10, 100)
    assert told == []


def test_time_left_is_not_guessed_when_the_size_is_unknown() -> None:
    clock, told = FakeClock(), []
    pacer = pacer_on(clock, told, whole=None)
    clock.pass_(2)
    pacer.add(1_000, 5_000)
    assert str(told[0]) == "a.csv: 1,000 rows, 500 rows/s"


def test_more_bytes_than_expected_leave_no_time_rather_than_a_negative_one() -> None:
    clock, told = FakeClock(), []
    pacer = pacer_on(clock, told, whole=1_000)
    clock.pass_(4)
    pacer.add(10, 5_000)
    assert told[0].seconds_left == 0


@pytest.mark.parametrize(("seconds", "words"), [(59, "59 s"), (150, "2 min"), (9_000, "2 h 30 min")])
def test_time_left_is_said_in_the_unit_that_fits(seconds: int, words: str) -> None:
    pace = Pace(what="a.csv", rows=1, seconds=seconds, fraction=0.5)
    assert str(pace).endswith(f"about {words} left")
