"""What happens in the demo's systems and when: a day's happenings depend on the day alone, whatever the last day is."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


class Happenings:
    """Happenings of ``days`` days up to ``last_day``, the days of ``zone``; later ones haven't happened yet.

    Attributes:
        end: the end of the last day.
    """

    def __init__(self, last_day: date, *, days: int, zone: str) -> None:
        self._first_day = last_day - timedelta(days=days - 1)
        self._last_day = last_day
        self._zone = ZoneInfo(zone)
        self._planned: list[tuple[datetime, Callable[[], object]]] = []
        self.end = self.moment(last_day + timedelta(days=1), 0)

    def days(self) -> Iterator[date]:
        """The days, in order."""
        for ordinal in range(self._first_day.toordinal(), self._last_day.toordinal() + 1):
            yield date.fromordinal(ordinal)

    def moment(self, day: date, minutes: float) -> datetime:
        """The instant that many minutes after midnight of ``day`` in the zone."""
        midnight = datetime.combine(day, time(), tzinfo=self._zone).astimezone(UTC)
        return midnight + timedelta(minutes=minutes)

    def plan(self, at: datetime, act: Callable[[], object]) -> None:
        """Let ``act`` happen at the moment ``at``, unless that is after the last day."""
        if at < self.end:
            self._planned.append((at, act))

    def happen(self) -> None:
        """Let everything happen, in the order of the moments."""
        for _, act in sorted(self._planned, key=lambda planned: planned[0]):
            act()


def dice(*what: object) -> random.Random:
    """Dice for one thing, always the same for the same thing."""
    return random.Random(" ".join(map(str, what)))
