"""Audiences and posts of the demo's accounts: a day's count and a post's counters depend on days alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from tests.fakes.demo_calendar import Happenings, dice

_BEGINNING = date(2026, 1, 1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Audience:
    """Who follows an account.

    Attributes:
        name: of the account, seeds its dice.
        at_first: followers when the year began.
        lost, gained: at most, a day.
    """

    name: str
    at_first: int
    lost: int
    gained: int

    def change(self, day: date) -> tuple[int, int]:
        """Gained and lost on ``day``."""
        thrown = dice("audience", self.name, day)
        return thrown.randint(0, self.gained), thrown.randint(0, self.lost)

    def on(self, day: date) -> int:
        """Followers at the end of ``day``."""
        return _followers(self, day)


@cache
def _followers(audience: Audience, day: date) -> int:
    days = (_BEGINNING + _DAY * number for number in range((day - _BEGINNING).days + 1))
    return audience.at_first + sum(gained - lost for gained, lost in map(audience.change, days))


@dataclass(frozen=True, kw_only=True)
class Published:
    """A post and what has come of it.

    Attributes:
        number: unique within the account. at: when it was published.
        seen: how often by now; likes and the others are shares of it.
    """

    number: int
    at: datetime
    seen: int

    def part(self, of_thousand: int) -> int:
        """About so many of a thousand who saw it did something."""
        return self.seen * dice("part", self.number, of_thousand).randint(0, 2 * of_thousand) // 1000


def published(
    name: str, happenings: Happenings, last_day: date, *, reach: int, every: int
) -> Iterator[Published]:
    """Posts of an account on the days of ``happenings``, one in ``every`` days; counters grow for three weeks."""
    for day in happenings.days():
        thrown = dice("post", name, day)
        if thrown.randrange(every):
            continue
        age = (last_day - day).days + 1
        seen = int(reach * thrown.uniform(0.4, 1.6) * min(1.0, age / 21))
        yield Published(
            number=day.toordinal(), at=happenings.moment(day, 480 + thrown.randrange(600)), seen=seen
        )
