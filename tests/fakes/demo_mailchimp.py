"""Acme's Mailchimp account in the demo: a newsletter every Tuesday whose counts grow, a welcome that goes on, an audience."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from tests.fakes.demo_brands import ACME
from tests.fakes.demo_calendar import Happenings, dice
from tests.fakes.mailchimp import MailchimpApi
from tests.fakes.mailchimp_rows import audience, moment_text, report

_BEGINNING = datetime(2025, 3, 3, 9, tzinfo=UTC)
_TUESDAY = 1
_HALF_LIFE = timedelta(hours=14)
_AUDIENCE, _NAME = "f1a2b3c4d5", "Acme news"
_SUBJECTS = ("Lift more", "وزنهٔ سنگین‌تر — ٪۱۰ تخفیف", "An anvil for every roof", "News from the forge")


def fill_mailchimp(api: MailchimpApi, last_day: date, *, days: int = 120) -> None:
    """Fill an empty server with ``days`` days up to ``last_day``, the days of Berlin."""
    happenings = Happenings(last_day, days=days, zone=ACME.time_zone)
    for day in happenings.days():
        if day.weekday() == _TUESDAY:
            at = happenings.moment(day, 600)
            happenings.plan(
                at, lambda day=day, at=at: api.reports.append(_newsletter(day, at, happenings.end - at))
            )
    happenings.happen()
    api.reports.append(_welcome(last_day, happenings.end))
    members = 2000 + 2 * (last_day - _BEGINNING.date()).days
    api.audiences.append(_audience(members, api.reports))


def _newsletter(day: date, at: datetime, age: timedelta) -> dict[str, Any]:
    """A newsletter; its opens and clicks come in over days, the last of them after a month."""
    thrown = dice("newsletter", day)
    sent = 1800 + 3 * (day - _BEGINNING.date()).days
    bounces = (thrown.randrange(4), thrown.randrange(9), thrown.randrange(2))
    opened = 0.36 + 0.12 * thrown.random()
    arrived = 1 - 0.5 ** (age / _HALF_LIFE)
    opens = int((sent - sum(bounces)) * opened * arrived)
    human = int(opens * (0.55 + 0.1 * thrown.random()))
    return _counted(
        thrown,
        day.toordinal(),
        at=at,
        sent=sent,
        opens=opens,
        clicks=int(human * 0.14),
        human_opens=human,
        bounces=bounces,
        last_open=at + age * 0.9,
        unsubscribed=int(sent * 0.003 * arrived),
        campaign_title=f"Newsletter {day:%Y-%m-%d}",
        subject_line=_SUBJECTS[day.toordinal() // 7 % len(_SUBJECTS)],
    )


def _welcome(last_day: date, end: datetime) -> dict[str, Any]:
    """An automated e-mail: one report from its start on, which counts on every day."""
    sent = 40 + 2 * (last_day - _BEGINNING.date()).days
    return _counted(
        dice("welcome"),
        1,
        at=_BEGINNING,
        sent=sent,
        opens=int(sent * 0.6),
        clicks=int(sent * 0.2),
        last_open=end - timedelta(hours=2),
        campaign_title="Welcome",
        type="automation-email",
    )


def _counted(thrown: Random, number: int, **told: Any) -> dict[str, Any]:
    orders = thrown.randrange(6)
    return report(
        number,
        audience=_AUDIENCE,
        list_name=_NAME,
        ecommerce={
            "total_orders": orders,
            "total_spent": 180 * orders,
            "total_revenue": 180.5 * orders,
            "currency_code": "EUR",
        },
        **told,
    )


def _audience(members: int, reports: list[dict[str, Any]]) -> dict[str, Any]:
    row = audience(_AUDIENCE, at=_BEGINNING, members=members, name=_NAME)
    row["stats"] |= {
        "campaign_count": len(reports),
        "campaign_last_sent": max((each["send_time"] for each in reports), default=moment_text(None)),
    }
    return row
