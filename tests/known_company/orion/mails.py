"""Orion's e-mails in HubSpot: the B2B nurture campaign of the worked example, a newsletter and an automated welcome.

Counters belong to the day of sending and grow for two weeks. Planted: Octobers that miss and meet the targets of open
rate 25 % and click rate 8 %, December exactly on both; test sends by name; an automated e-mail sent on many days;
bounces; a draft that was never sent; sends at five minutes to midnight.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tests.fakes.hubspot_emails import Emails
from tests.known_company.clock import RUNS, START
from tests.known_company.oracle.periods import days, local_day
from tests.known_company.orion.dice import BERLIN, dice, moment, yesterday

NURTURE = "b2b nurture"
_SETTLED = timedelta(days=14)
_JUDGED = {(2025, 10): (0.262, 0.083), (2025, 11): (0.247, 0.078), (2025, 12): (0.25, 0.08)}
"""Shares opened and clicked of the nurture campaign in the months that the scorecard judges."""


@dataclass(frozen=True, slots=True)
class Mailing:
    """One send; counters as they are once everybody has reacted."""

    email_id: int
    name: str
    campaign: str | None
    at: datetime
    day: date
    sent: int
    hard: int
    soft: int
    opens: int
    clicks: int
    unsubscribes: int
    is_test: bool = False

    @property
    def delivered(self) -> int:
        """Sent but for bounces."""
        return self.sent - self.hard - self.soft

    def reacted(self, count: int, now: datetime) -> int:
        """How many of ``count`` have happened by ``now``: all after two weeks, before that their share of the time."""
        age = min(now - self.at, _SETTLED)
        return int(count * age.total_seconds() / _SETTLED.total_seconds())


def mailings() -> Iterator[Mailing]:
    """Every send up to the day before the last run."""
    for day in days(START, yesterday(len(RUNS) - 1) + timedelta(days=1)):
        number = (day - START).days
        if number % 14 == 3:
            yield _nurture(day, number)
        if (day.year, day.month) in _JUDGED:
            continue
        if day.day == 8:
            yield _mailing(day, 70_000 + number, f"Newsletter {day:%Y-%m}", None, size=900, minute=600)
        if number % 5 == 0:
            yield _mailing(day, 60_001, "Welcome", "welcome series", size=40, minute=1435)
        if number % 45 == 20:
            yield _mailing(
                day, 80_000 + number, f"[Test] nurture {number}", NURTURE, size=12, minute=700, is_test=True
            )


def _nurture(day: date, number: int) -> Mailing:
    rates = _JUDGED.get((day.year, day.month))
    if rates is None:
        return _mailing(day, 50_000 + number, f"Nurture {number}", NURTURE, size=1_500, minute=540)
    delivered = 4_000
    return Mailing(
        email_id=50_000 + number,
        name=f"Nurture {number}",
        campaign=NURTURE,
        at=moment(day, 540),
        day=day,
        sent=delivered + 30,
        hard=10,
        soft=20,
        opens=round(delivered * rates[0]),
        clicks=round(delivered * rates[1]),
        unsubscribes=9,
    )


def _mailing(
    day: date,
    email_id: int,
    name: str,
    campaign: str | None,
    *,
    size: int,
    minute: int,
    is_test: bool = False,
) -> Mailing:
    thrown, at = dice("mailing", email_id, day), moment(day, minute)
    sent = round(size * thrown.uniform(0.7, 1.2))
    hard, soft = thrown.randrange(sent // 50 + 1), thrown.randrange(sent // 40 + 1)
    delivered = sent - hard - soft
    opens = round(delivered * thrown.uniform(0.15, 0.35))
    return Mailing(
        email_id=email_id,
        name=name,
        campaign=campaign,
        at=at,
        # Not always ``day``: a day of 23 hours is over when 1,435 minutes have passed.
        day=local_day(at, str(BERLIN)),
        sent=sent,
        hard=hard,
        soft=soft,
        opens=opens,
        clicks=round(opens * thrown.uniform(0.1, 0.4)),
        unsubscribes=thrown.randrange(delivered // 80 + 1),
        is_test=is_test,
    )


def fill_emails(emails: Emails, run: int) -> None:
    """E-mails and statistics as they stand at a run."""
    now = RUNS[run]
    emails.add(90_000, "Draft", at=moment(START, 0), state="DRAFT", publishDate=None, isPublished=False)
    known: set[int] = set()
    for each in mailings():
        if each.at > now:
            continue
        if each.email_id not in known:
            known.add(each.email_id)
            emails.add(each.email_id, each.name, at=each.at, campaignName=each.campaign)
        emails.send(
            each.email_id,
            at=each.at,
            selected=each.sent,
            sent=each.sent,
            delivered=each.delivered,
            bounce=each.hard + each.soft,
            hardbounced=each.hard,
            softbounced=each.soft,
            open=each.reacted(each.opens, now),
            click=each.reacted(each.clicks, now),
            unsubscribed=each.reacted(each.unsubscribes, now),
        )
