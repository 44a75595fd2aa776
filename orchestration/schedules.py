"""Schedules: daily, weekly, monthly and quarterly, each one refresh in the project's time zone.

The weekly one runs on the first business day of the project's week; months and quarters are those of its
calendar. Cron knows no Jalali months, so there the schedule ticks daily and skips until the first of a month.
All are off until switched on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self
from zoneinfo import ZoneInfo

import dagster as dg
import jdatetime

from orchestration.jobs import REFRESH_JOB
from orchestration.run_options import Cadence, RunOptions
from orchestration.settings import Project, Weekday

REFRESH_RESOURCE = "refresh"
_QUARTER = 3


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """What the schedules need to know of a project."""

    timezone: str = "UTC"
    calendar: str = "gregorian"
    week_start: Weekday = Weekday.MONDAY
    business_days: tuple[Weekday, ...] = tuple(Weekday)

    @classmethod
    def of(cls, project: Project) -> Self:
        """The rhythm that ``project`` configures."""
        return cls(
            timezone=project.timezone,
            calendar=project.calendar,
            week_start=project.week_start,
            business_days=project.business_days,
        )

    def first_business_day(self) -> Weekday:
        """First business day of the project's week."""
        week = list(Weekday)
        start = week.index(self.week_start)
        return next(day for day in week[start:] + week[:start] if day in self.business_days)

    def cron(self, cadence: Cadence) -> str:
        """Cron expression; a quarter of an hour apart, so that two due on one day queue up in order."""
        jalali = self.calendar == "jalali"
        match cadence:
            case Cadence.DAILY:
                return "0 5 * * *"
            case Cadence.WEEKLY:
                # Cron counts from Sunday.
                return f"15 5 * * {(list(Weekday).index(self.first_business_day()) + 1) % 7}"
            case Cadence.MONTHLY:
                return "30 5 * * *" if jalali else "30 5 1 * *"
            case Cadence.QUARTERLY:
                return "45 5 * * *" if jalali else "45 5 1 1,4,7,10 *"

    def is_due(self, cadence: Cadence, day: date) -> bool:
        """Whether a tick on ``day`` (of the project's zone) is one to run on."""
        if self.calendar != "jalali" or cadence in {Cadence.DAILY, Cadence.WEEKLY}:
            return True
        jalali = jdatetime.date.fromgregorian(date=day)
        starts_month = bool(jalali.day == 1)
        return starts_month and (cadence is Cadence.MONTHLY or jalali.month % _QUARTER == 1)


def run_config_of(options: RunOptions) -> dict[str, object]:
    """Run configuration of the refresh job for ``options``."""
    return {"resources": {REFRESH_RESOURCE: {"config": dict(options.resource_config())}}}


def build_schedules(rhythm: Rhythm) -> Sequence[dg.ScheduleDefinition]:
    """The four schedules of a project."""
    return [_schedule(cadence, rhythm) for cadence in Cadence]


def _schedule(cadence: Cadence, rhythm: Rhythm) -> dg.ScheduleDefinition:
    @dg.schedule(
        name=cadence.value,
        cron_schedule=rhythm.cron(cadence),
        execution_timezone=rhythm.timezone,
        job_name=REFRESH_JOB,
        description=f"The {cadence.value} refresh: raw, dbt, publish.",
    )
    def tick(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
        moment = context.scheduled_execution_time.astimezone(ZoneInfo(rhythm.timezone))
        if rhythm.is_due(cadence, moment.date()):
            yield dg.RunRequest(
                run_key=f"{cadence}-{moment:%Y-%m-%d}",
                run_config=run_config_of(RunOptions(cadence=cadence)),
                tags={"sanjeh/cadence": cadence.value},
            )
        else:
            yield dg.SkipReason(f"{moment:%Y-%m-%d} is not the first day of a Jalali {cadence.value} period.")

    return tick
