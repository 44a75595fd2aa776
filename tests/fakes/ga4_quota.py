"""Quotas of a GA4 property: tokens by day and hour, requests at once; each answer can state what is left.

A report costs more the longer its range and the more rows it gives. Time passes when a test says so, by
``next_hour`` and ``next_day``.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.fakes.google_api import GoogleError

LEARN = "To learn more, see https://developers.google.com/analytics/devguides/reporting/data/v1/quotas"
DAILY = (
    f"Exhausted property tokens per day. These property quota tokens will return in under 24 hours. {LEARN}"
)
HOURLY = (
    f"Exhausted property tokens per hour. These property quota tokens will return in under an hour. {LEARN}"
)
PROJECT_HOURLY = (
    "Exhausted property tokens per hour for a project. These property quota tokens will return in under an "
    f"hour. {LEARN}"
)
CONCURRENT = (
    f"Exhausted concurrent requests quota. Please send fewer requests concurrently for this property. {LEARN}"
)
_HOURLY = (
    "tokensPerHour",
    "tokensPerProjectPerHour",
    "serverErrorsPerProjectPerHour",
    "potentiallyThresholdedRequestsPerHour",
)
_STANDARD = {
    "tokensPerDay": 200_000,
    "tokensPerHour": 40_000,
    "concurrentRequests": 10,
    "serverErrorsPerProjectPerHour": 10,
    "potentiallyThresholdedRequestsPerHour": 120,
    "tokensPerProjectPerHour": 14_000,
}
_DAYS_PER_TOKEN = 60
_ROWS_PER_TOKEN = 50_000


@dataclass
class Quota:
    """What a property may spend; the limits are those of a standard property.

    Attributes:
        limits: by Google's name of the quota; a test lowers them, or multiplies them for Analytics 360.
        consumed: by the same names.
    """

    limits: dict[str, int] = field(default_factory=lambda: dict(_STANDARD))
    consumed: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_STANDARD, 0))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def request(self) -> Iterator[None]:
        """One request in progress.

        Raises:
            GoogleError: too many at once, or no tokens left.
        """
        with self._lock:
            self._check()
            self.consumed["concurrentRequests"] += 1
        try:
            yield
        finally:
            with self._lock:
                self.consumed["concurrentRequests"] -= 1

    def spend(self, *, days: int, rows: int) -> None:
        """Pay for a report over ``days`` with ``rows`` in its page."""
        tokens = 1 + days // _DAYS_PER_TOKEN + rows // _ROWS_PER_TOKEN
        with self._lock:
            for name in ("tokensPerDay", "tokensPerHour", "tokensPerProjectPerHour"):
                self.consumed[name] += tokens

    def failed(self) -> None:
        """Count a server error."""
        with self._lock:
            self.consumed["serverErrorsPerProjectPerHour"] += 1

    def next_hour(self) -> None:
        """Give back what returns each hour."""
        with self._lock:
            self.consumed.update(dict.fromkeys(_HOURLY, 0))

    def next_day(self) -> None:
        """Give back everything."""
        self.next_hour()
        with self._lock:
            self.consumed["tokensPerDay"] = 0

    @property
    def status(self) -> dict[str, dict[str, int]]:
        """What each quota has left, as an answer states it: zeros are written, the request asking isn't counted."""
        with self._lock:
            consumed = {**self.consumed, "concurrentRequests": self.consumed["concurrentRequests"] - 1}
            return {
                name: {"consumed": consumed[name], "remaining": max(0, limit - consumed[name])}
                for name, limit in self.limits.items()
            }

    def _check(self) -> None:
        for name, message in (
            ("tokensPerDay", DAILY),
            ("tokensPerHour", HOURLY),
            ("tokensPerProjectPerHour", PROJECT_HOURLY),
            ("concurrentRequests", CONCURRENT),
        ):
            if self.consumed[name] >= self.limits[name]:
                raise GoogleError(429, message)
