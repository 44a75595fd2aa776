"""HubSpot's call limits: what a call leaves of them, as headers, and the refusal once they are used up.

The window of ten seconds and that of a search second are counted by a clock that a test may set.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from werkzeug import Response

from tests.fakes.hubspot_errors import rate_limited

TEN_SECONDS = 10.0
"""Seconds of the rolling window of an app."""


class Limits:
    """The limits of one app and account.

    Attributes:
        burst: calls per ten seconds; 190 for a Professional account.
        searches: searches per second.
        daily: calls per day.
        used_today: calls of today, refused ones left out.
        enforced: whether calls beyond the limits are refused; demos and benchmarks leave it off.
        clock: seconds, monotonic.
    """

    def __init__(self) -> None:
        self.burst = 190
        self.searches = 5
        self.daily = 625_000
        self.used_today = 0
        self.enforced = False
        self.clock: Callable[[], float] = time.monotonic
        self._calls: deque[float] = deque()
        self._searches: deque[float] = deque()

    def take(self, *, search: bool) -> Response | None:
        """Count a call; the refusal where it is one too many."""
        now = self.clock()
        _forget(self._calls, before=now - TEN_SECONDS)
        _forget(self._searches, before=now - 1)
        if self.enforced:
            policy = self._exceeded(search=search)
            if policy:
                return rate_limited(policy)
        self.used_today += 1
        (self._searches if search else self._calls).append(now)
        return None

    def headers(self) -> dict[str, str]:
        """What the app has left now; every answer but a search's carries it."""
        return {
            "X-HubSpot-RateLimit-Max": str(self.burst),
            "X-HubSpot-RateLimit-Remaining": str(max(self.burst - len(self._calls), 0)),
            "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
            "X-HubSpot-RateLimit-Daily": str(self.daily),
            "X-HubSpot-RateLimit-Daily-Remaining": str(max(self.daily - self.used_today, 0)),
        }

    def _exceeded(self, *, search: bool) -> str | None:
        if self.used_today >= self.daily:
            return "DAILY"
        if search:
            return "SECONDLY" if len(self._searches) >= self.searches else None
        return "TEN_SECONDLY_ROLLING" if len(self._calls) >= self.burst else None


def _forget(moments: deque[float], *, before: float) -> None:
    while moments and moments[0] <= before:
        moments.popleft()
