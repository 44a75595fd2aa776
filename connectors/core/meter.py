"""Meter: what one stream costs its API: requests, rows, seconds waited; the current one by context."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Meter:
    """Counters of one stream's landing; threads that work for it share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.requests = 0
        self.retries = 0
        self.rows = 0
        self.waited_seconds = 0.0

    def requested(self) -> None:
        """Count a call."""
        with self._lock:
            self.requests += 1

    def waited(self, seconds: float, *, is_retry: bool = False) -> None:
        """Count a wait for a rate limit, or before a retry."""
        with self._lock:
            self.waited_seconds += seconds
            self.retries += int(is_retry)

    def received(self, rows: int) -> None:
        """Count rows."""
        with self._lock:
            self.rows += rows


_CURRENT: ContextVar[Meter | None] = ContextVar("meter", default=None)


@contextmanager
def metering(meter: Meter) -> Iterator[Meter]:
    """Calls made inside count on ``meter``; a thread started inside needs a copy of the context."""
    token = _CURRENT.set(meter)
    try:
        yield meter
    finally:
        _CURRENT.reset(token)


def current_meter() -> Meter:
    """The meter of the stream that is landing; one that nobody reads where none is."""
    return _CURRENT.get() or Meter()
