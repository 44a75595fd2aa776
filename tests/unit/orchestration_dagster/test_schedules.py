"""When the schedules run, in which zone, and what they ask for."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from orchestration.run_options import Cadence
from orchestration.schedules import Rhythm, build_schedules
from orchestration.settings import Weekday

TEHRAN = Rhythm(
    timezone="Asia/Tehran",
    calendar="jalali",
    week_start=Weekday.SATURDAY,
    business_days=(
        Weekday.SATURDAY,
        Weekday.SUNDAY,
        Weekday.MONDAY,
        Weekday.TUESDAY,
        Weekday.WEDNESDAY,
    ),
)
LONDON = Rhythm(
    timezone="Europe/London",
    week_start=Weekday.SUNDAY,
    business_days=(
        Weekday.MONDAY,
        Weekday.TUESDAY,
        Weekday.WEDNESDAY,
        Weekday.THURSDAY,
        Weekday.FRIDAY,
    ),
)


def test_four_schedules_tick_in_the_zone_of_the_project() -> None:
    schedules = build_schedules(TEHRAN)
    assert [schedule.name for schedule in schedules] == ["daily", "weekly", "monthly", "quarterly"]
    assert {schedule.execution_timezone for schedule in schedules} == {"Asia/Tehran"}


@pytest.mark.parametrize(
    ("rhythm", "cadence", "cron"),
    [
        (LONDON, Cadence.DAILY, "0 5 * * *"),
        (LONDON, Cadence.WEEKLY, "15 5 * * 1"),
        (TEHRAN, Cadence.WEEKLY, "15 5 * * 6"),
        (LONDON, Cadence.MONTHLY, "30 5 1 * *"),
        (LONDON, Cadence.QUARTERLY, "45 5 1 1,4,7,10 *"),
        (TEHRAN, Cadence.MONTHLY, "30 5 * * *"),
        (TEHRAN, Cadence.QUARTERLY, "45 5 * * *"),
    ],
)
def test_cron_follows_the_business_week_and_the_calendar(rhythm: Rhythm, cadence: Cadence, cron: str) -> None:
    assert rhythm.cron(cadence) == cron


@pytest.mark.parametrize(
    ("day", "month", "quarter"),
    [
        (date(2026, 3, 21), True, True),  # 1 Farvardin 1405
        (date(2026, 4, 21), True, False),  # 1 Ordibehesht
        (date(2026, 6, 22), True, True),  # 1 Tir
        (date(2026, 4, 1), False, False),
    ],
)
def test_jalali_months_and_quarters_are_due_on_their_first_day(day: date, month: bool, quarter: bool) -> None:
    assert TEHRAN.is_due(Cadence.MONTHLY, day) is month
    assert TEHRAN.is_due(Cadence.QUARTERLY, day) is quarter


def _tick(rhythm: Rhythm, name: str, moment: datetime) -> dg.ScheduleExecutionData:
    schedule = next(schedule for schedule in build_schedules(rhythm) if schedule.name == name)
    return schedule.evaluate_tick(dg.build_schedule_context(scheduled_execution_time=moment))


def test_a_due_tick_asks_for_one_run_with_its_cadence() -> None:
    moment = datetime(2026, 4, 21, 5, 30, tzinfo=ZoneInfo("Asia/Tehran"))
    (request,) = _tick(TEHRAN, "monthly", moment).run_requests
    assert request.run_config["resources"]["refresh"]["config"]["cadence"] == "monthly"
    assert request.run_key == "monthly-2026-04-21"


def test_a_tick_inside_a_jalali_month_is_skipped_with_a_reason() -> None:
    ticked = _tick(TEHRAN, "monthly", datetime(2026, 4, 22, 5, 30, tzinfo=ZoneInfo("Asia/Tehran")))
    assert not ticked.run_requests
    assert "Jalali" in (ticked.skip_message or "")
