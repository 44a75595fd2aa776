"""A clock whose seconds pass only when somebody waits; what was waited for is recorded."""

from __future__ import annotations

import threading
from collections.abc import Callable

from connectors.core.clock import Clock


class FakeClock:
    """Time for tests; usable from several threads.

    Attributes:
        now: monotonic seconds.
        waits: every wait, in order.
        meanwhile: called once in the middle of the next wait, as another thread would.
    """

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []
        self.meanwhile: Callable[[], object] | None = None
        self._lock = threading.Lock()

    @property
    def clock(self) -> Clock:
        """The clock to hand in."""
        return Clock(monotonic=lambda: self.now, sleep=self._sleep)

    def pass_(self, seconds: float) -> None:
        """Let ``seconds`` go by without anybody waiting."""
        with self._lock:
            self.now += seconds

    def _sleep(self, seconds: float) -> None:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()
        with self._lock:
            self.waits.append(seconds)
            self.now += seconds
