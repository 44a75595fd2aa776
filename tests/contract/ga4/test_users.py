"""Users of the brand's own periods: each person counts once in each, which no sum of days could tell."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest

from connectors.calendar.make import CalendarKey, periods_within
from connectors.core.window import DateWindow
from tests.contract.desk import NOW, brand_facts
from tests.contract.ga4.conftest import Ga4Desk
from tests.fakes.ga4_data import Quality, SessionFact

_START = date(2026, 6, 1)
_NEWEST = date(2026, 11, 9)
_CALENDARS = (
    CalendarKey("gregorian", "monday", 1),
    CalendarKey("gregorian", "saturday", 1),
    CalendarKey("jalali", "saturday", 1),
)
_WEEK = (date(2026, 11, 7), date(2026, 11, 14))
"""A Saturday week that has three of its days by now."""


def _visits() -> list[SessionFact]:
    """Thirty people who come again and again, not all of them active, from June on; nobody in August."""
    dice = random.Random(7)
    facts: list[SessionFact] = []
    seen: frozenset[int] = frozenset()
    for day in DateWindow.inclusive(_START, _NEWEST).days():
        if day.month == 8:
            continue
        today = frozenset(dice.sample(range(30), dice.randint(0, 4)))
        facts.append(
            SessionFact(
                day=day,
                sessions=len(today),
                users=today,
                idle_users=frozenset(user for user in today if dice.random() < 0.3),
                new_users=today - seen,
            )
        )
        seen |= today
    return facts


def _counted(facts: list[SessionFact], first: date, end: date) -> tuple[int, int, int]:
    """Active, all and new users from ``first`` until before ``end``, by sets."""
    inside = [fact for fact in facts if first <= fact.day < end]
    active = frozenset().union(*(fact.users - fact.idle_users for fact in inside))
    return (
        len(active),
        len(frozenset().union(*(fact.users for fact in inside))),
        len(frozenset().union(*(fact.new_users for fact in inside))),
    )


@pytest.mark.parametrize("key", _CALENDARS, ids=lambda key: str(key.key))
def test_each_period_has_its_own_people(make_desk: Any, transport: str, key: CalendarKey) -> None:
    facts = _visits()
    desk: Ga4Desk = make_desk(transport, "ga4/users", brand=brand_facts(key))
    desk.shop.restate(date(2026, 11, 2), [])
    desk.shop.restate(date(2026, 11, 3), facts)
    desk.land(start=_START)
    stored = {
        (grain, start, end): users
        for grain, start, end, *users in desk.read(
            "select grain, period_start, period_end, active_users, total_users, new_users from raw.ga4__users"
        )
    }
    periods = periods_within(key, DateWindow.inclusive(_START, _NEWEST))
    expected = {
        (period.grain, period.start, period.end): list(_counted(facts, period.start, period.end))
        for period in periods
    }
    assert stored == {period: users for period, users in expected.items() if users[1]}
    assert len({users[0] for (grain, *_), users in stored.items() if grain == "month"}) > 1
    manifest = desk.zone.manifest(desk.source().streams()[0], "shop")
    assert manifest.slices.keys() == {period.key for period in periods}


def test_few_questions_are_enough(make_desk: Any) -> None:
    desk: Ga4Desk = make_desk("rest", "ga4/users")
    desk.land(start=_START)
    reports = [seen.body for seen in desk.api.seen if seen.path.endswith(":runReport")][1:]
    by_day, *by_range = reports
    assert by_day["dateRanges"] == [{"startDate": "2026-06-01", "endDate": "2026-11-09"}]
    assert {len(body["dateRanges"]) for body in by_range[:-1]} == {4}
    assert len(by_range) == -(-sum(len(body["dateRanges"]) for body in by_range) // 4)
    assert all("dimensions" not in body and "orderBys" not in body for body in by_range)


def test_a_period_that_is_not_over_is_asked_until_now_and_again_later(make_desk: Any) -> None:
    desk: Ga4Desk = make_desk("rest", "ga4/users")
    for day in range(10):
        desk.shop.state([SessionFact(day=date(2026, 11, 5) + timedelta(days=day), users=frozenset({day}))])
    desk.land()
    week = f"select active_users, period_end, _load_id from raw.ga4__users where grain = 'week' and period_start = '{_WEEK[0]}'"
    assert desk.read(week) == [(3, _WEEK[1], 1)]
    assert {"startDate": "2026-11-07", "endDate": "2026-11-09"} in [
        each for seen in desk.api.seen if seen.path.endswith(":runReport") for each in seen.body["dateRanges"]
    ]
    later = NOW + timedelta(days=7)
    desk.api.now = later
    desk.land(at=later)
    assert desk.read(week) == [(7, _WEEK[1], 2)]


def test_quality_of_a_period_stands_at_its_last_day(make_desk: Any) -> None:
    desk: Ga4Desk = make_desk("rest", "ga4/users")
    desk.shop.state([SessionFact(day=date(2026, 11, 6), users=frozenset("x"))])
    desk.shop.quality_of_day[date(2026, 11, 6)] = Quality(sampled=(1, 4), is_thresholded=True)
    desk.land(window=(date(2026, 11, 6), date(2026, 11, 6)))
    assert desk.read(
        "select date, landed_rows, is_sampled, sampled_share from raw.quality__report_days order by date"
    ) == [
        (date(2026, 11, 6), 2, True, 0.25),  # the day and the week that ends with it
        (date(2026, 11, 9), 2, True, 0.25),  # month and season, which aren't over
    ]


def test_ranges_are_never_paged(make_desk: Any) -> None:
    desk: Ga4Desk = make_desk("rest", "ga4/users")
    desk.land(page_rows=1)
    grains = desk.read(
        "select grain, users from (select grain, sum(active_users) as users from raw.ga4__users group by all) order by 1"
    )
    assert grains == [("day", 4), ("month", 3), ("quarter", 3), ("week", 3)]
    bodies = [seen.body for seen in desk.api.seen if seen.path.endswith(":runReport")]
    assert {body["limit"] for body in bodies if len(body["dateRanges"]) > 1} == {"4"}
