"""Client-side rate limits: so many calls in so many seconds, so many at once, and pauses that all calls keep.

One limiter serves every stream and source that draws on the same allowance of a vendor, whatever thread they
are in; :class:`Limits` hands it out by name.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from connectors.core.clock import Clock
from connectors.core.meter import current_meter


@dataclass(frozen=True, kw_only=True)
class Rate:
    """An allowance: ``calls`` in any ``seconds``, at most ``concurrent`` at once."""

    calls: int
    seconds: float
    concurrent: int = 8


class RateLimiter:
    """Keeps one allowance; see :meth:`call`."""

    def __init__(self, rate: Rate, clock: Clock) -> None:
        self._rate = rate
        self._clock = clock
        self._lock = threading.Lock()
        self._starts: deque[float] = deque(maxlen=rate.calls)
        self._paused_until = 0.0
        self._running = threading.BoundedSemaphore(rate.concurrent)

    @contextmanager
    def call(self) -> Iterator[None]:
        """Make one call inside: waits until the allowance has room; waits count on the current meter."""
        with self._running:
            wait = self._reserve()
            while wait > 0:
                current_meter().waited(wait)
                self._clock.sleep(wait)
                # A pause that began meanwhile holds for this call too.
                wait = self._reserve() if self._is_paused() else 0.0
            yield

    def pause(self, seconds: float) -> None:
        """Let no call start for ``seconds``: the vendor asked for it, and means all of them."""
        with self._lock:
            self._paused_until = max(self._paused_until, self._clock.monotonic() + seconds)

    def _is_paused(self) -> bool:
        with self._lock:
            return self._paused_until > self._clock.monotonic()

    def _reserve(self) -> float:
        """Take the next free moment and return the seconds until it."""
        with self._lock:
            now = self._clock.monotonic()
            start = max(now, self._paused_until)
            if len(self._starts) == self._rate.calls:
                start = max(start, self._starts[0] + self._rate.seconds)
            self._starts.append(start)
            return start - now


class Limits:
    """Limiters by name, e.g. of an account; the first rate given for a name holds."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self._lock = threading.Lock()
        self._limiters: dict[str, RateLimiter] = {}

    def of(self, name: str, rate: Rate) -> RateLimiter:
        """The limiter called ``name``."""
        with self._lock:
            return self._limiters.setdefault(name, RateLimiter(rate, self.clock))
