"""Visitors of the brand's own periods: each is asked for by itself, which no sum of rows could tell."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from connectors.calendar.make import CalendarKey, periods_within
from connectors.core.window import DateWindow
from tests.contract.desk import JALALI, NOW, brand_facts
from tests.contract.plausible.conftest import PlausibleDesk
from tests.fakes.plausible_data import Visits

START, NEWEST = date(2026, 8, 1), date(2026, 11, 9)
GREGORIAN = CalendarKey("gregorian", "monday", 1)


def _visits() -> list[Visits]:
    """Twenty people who come again and again; nobody in September."""
    dice = random.Random(7)
    return [
        Visits(day=day, visitors=frozenset({dice.randrange(20)}), source=source)
        for day in DateWindow.inclusive(START, NEWEST).days()
        if day.month != 9
        for source in ("Google", "Bing", "Bing")[: dice.randrange(4)]
    ]


def _people(facts: list[Visits], first: date, end: date) -> int:
    return len(frozenset().union(*(fact.visitors for fact in facts if first <= fact.day < end)))


@pytest.mark.parametrize("calendar", [GREGORIAN, JALALI], ids=["Gregorian", "Jalali"])
def test_each_period_is_counted_by_itself(desk: PlausibleDesk, calendar: CalendarKey) -> None:
    desk.site.facts = facts = _visits()
    desk.brand = brand_facts(calendar)
    desk.only = ("plausible/visitors",)
    desk.land(start=START)
    landed = desk.read("select grain, period_start, period_end, visitors from raw.plausible__visitors")
    told = {(grain, start): (end, visitors) for grain, start, end, visitors in landed}
    wanted = {
        (period.grain, period.start): (
            period.end,
            _people(facts, period.start, min(period.end, NEWEST + timedelta(1))),
        )
        for period in periods_within(calendar, DateWindow.inclusive(START, NEWEST))
    }
    # Asked by day, a day without visitors has no row; a longer period is told with 0.
    assert told == {key: found for key, found in wanted.items() if found[1] or key[0] != "day"}
    silent = {row.slice for row in desk.zone.slices() if row.stream == "visitors" and not row.rows}
    assert silent == {
        f"day/{start}" for (grain, start), found in wanted.items() if grain == "day" and not found[1]
    }


def test_days_take_one_question_and_longer_periods_one_each(desk: PlausibleDesk) -> None:
    desk.site.facts = _visits()
    desk.only = ("plausible/visitors",)
    desk.land(start=START)
    longer = [
        period
        for period in periods_within(JALALI, DateWindow.inclusive(START, NEWEST))
        if period.grain != "day"
    ]
    by_day = desk.asked("time:day")
    assert len(desk.asked()) == len(longer)
    assert [day for asked in by_day for day in asked["date_range"]][-1] == str(NEWEST)  # type: ignore[attr-defined]
    assert len(by_day) <= 3
    assert max(asked["date_range"][1] for asked in desk.asked()) == str(NEWEST)  # type: ignore[index]


def test_a_period_that_goes_on_is_asked_again_and_older_ones_are_not(desk: PlausibleDesk) -> None:
    desk.site.facts = _visits()
    desk.only = ("plausible/visitors",)
    desk.land(start=START)
    desk.api.seen.clear()
    desk.site.facts.append(Visits(day=date(2026, 11, 10), visitors=frozenset({99})))
    desk.land(start=START, at=NOW + timedelta(days=1))
    starts = sorted({asked["date_range"][0] for asked in desk.asked()})  # type: ignore[index]
    assert starts == ["2026-09-23", "2026-10-23", "2026-10-31", "2026-11-07"]
    week = "select visitors from raw.plausible__visitors where grain = 'week' and period_start = '2026-11-07'"
    people = _people(desk.site.facts, date(2026, 11, 7), date(2026, 11, 11))
    assert desk.read(week) == [(people,)]
