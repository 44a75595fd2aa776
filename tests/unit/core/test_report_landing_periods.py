"""Periods are asked for until they are over and final; one without rows is known as such."""

from __future__ import annotations

from datetime import date

from connectors.core.feed import PeriodFeed
from connectors.core.report_landing import ReportLanding
from connectors.core.window import Ask, DateWindow
from tests.unit.core.toy_connector import USERS, feeds
from tests.unit.core.toy_workspace import Toy, noon, november


def periods_planned(toy: Toy, day: int, **how: tuple[date, date]) -> list[str]:
    """Keys of the periods that are due at noon of a day of November."""
    (feed,) = feeds(toy.config(streams=("users",)))
    assert isinstance(feed, PeriodFeed)
    ask = Ask(**{name: DateWindow.inclusive(*window) for name, window in how.items()})
    found: list[str] = []
    toy.directly(
        ReportLanding,
        noon(day),
        lambda landing: found.extend(period.key for period in landing.periods(feed, ask)),
    )
    return found


def test_periods_come_again_until_they_are_over_and_final(toy: Toy) -> None:
    toy.api.users = {"month/2026-11-01": 40, "week/2026-10-26": 5, "week/2026-11-02": 7}
    toy.land(noon(8), streams=("users",))
    assert toy.rows(USERS, "_slice, users") == [
        ("month/2026-11-01", 40),
        ("week/2026-10-26", 5),
        ("week/2026-11-02", 7),
    ]
    window = toy.manifest(USERS).slices["week/2026-11-02"]
    assert (window.window_start, window.window_end) == (date(2026, 11, 2), date(2026, 11, 8))
    assert periods_planned(toy, 8) == ["month/2026-11-01", "week/2026-11-02"]
    assert periods_planned(toy, 9) == ["month/2026-11-01", "week/2026-11-02"]
    toy.land(noon(9), streams=("users",))
    assert periods_planned(toy, 10) == ["month/2026-11-01", "week/2026-11-02", "week/2026-11-09"]
    toy.land(noon(10), streams=("users",))
    assert periods_planned(toy, 11) == ["month/2026-11-01", "week/2026-11-09"]


def test_requested_and_closing_days_ask_for_the_periods_that_they_touch(toy: Toy) -> None:
    toy.land(noon(20), streams=("users",))
    assert periods_planned(toy, 20, requested=november(3, 4)) == ["month/2026-11-01", "week/2026-11-02"]
    assert periods_planned(toy, 20, requested=november(25, 26)) == []
    closing = periods_planned(toy, 20, also=november(10, 10))
    assert closing == ["month/2026-11-01", "week/2026-11-09", "week/2026-11-16"]


def test_a_period_whose_users_vanished_has_no_rows_and_is_known(toy: Toy) -> None:
    toy.api.users = {"month/2026-11-01": 40}
    toy.land(noon(3), streams=("users",))
    toy.api.users = {}
    assert toy.land(noon(3), streams=("users",))["users"].changed_slices == 1
    assert toy.rows(USERS, "users") == []
    assert toy.manifest(USERS).slices["month/2026-11-01"].rows == 0
    assert [each.slice for each in toy.zone.removed_slices()] == []


def test_changed_questions_ask_for_every_period_anew(toy: Toy) -> None:
    toy.land(noon(20), streams=("users",))
    before = len(toy.api.paths("users"))
    toy.land(noon(20), streams=("users",), events="new")
    asked = "".join(toy.api.paths("users")[before:])
    assert "week/2026-10-26" in asked
    assert "week/2026-11-16" in asked
