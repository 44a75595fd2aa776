"""The suite's moments, and a clock whose seconds pass only when something waits."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from connectors.core.clock import Clock

NOW = datetime(2026, 11, 10, 9, tzinfo=UTC)
"""The first run."""
TODAY = NOW.date()
RECENT = TODAY - timedelta(days=4)
"""A day that every vendor has numbers of by now, and may restate."""
EARLIER = TODAY - timedelta(days=6)
"""Another one of that kind."""


@dataclass
class FakeTime:
    """Seconds that pass by waiting.

    Attributes:
        waits: every wait so far, in seconds.
    """

    waits: list[float] = field(default_factory=list)
    _now: float = 1000.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def clock(self) -> Clock:
        """The same, for the core."""
        return Clock(monotonic=lambda: self._now, sleep=self._sleep)

    def _sleep(self, seconds: float) -> None:
        with self._lock:
            self.waits.append(seconds)
            self._now += seconds


def noon(day: date) -> datetime:
    """Noon of ``day``, UTC."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
