"""SideBySide: the sources of a run land at the same time, within bounds, each once.

Landing only writes files, so that it needs no order; what is bounded is how many feeds work at once, and
files are read one source at a time. Closing ends what has not begun and waits for the rest to stop.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import TYPE_CHECKING

from connectors.core.rate_limit import Limits

if TYPE_CHECKING:
    from orchestration.pipeline import SourceResult

FEEDS_AT_ONCE = 6
"""Feeds of all sources together; they mostly wait for answers."""
SOURCES_AT_ONCE = 16
"""Threads that see to one source each and mostly wait for its feeds."""


class SideBySide:
    """Landings of one run.

    Attributes:
        limits: rate limits that all sources share.
        slots: taken by each feed or file source while it works.
        files: taken by a file source while it reads.
        lock: taken to write the run's record.
        stopped: set when the run is broken off.
    """

    def __init__(self) -> None:
        self.limits = Limits()
        self.slots = threading.BoundedSemaphore(FEEDS_AT_ONCE)
        self.files = threading.Lock()
        self.lock = threading.Lock()
        self.stopped = threading.Event()
        self._pool = ThreadPoolExecutor(SOURCES_AT_ONCE, thread_name_prefix="source")
        self._running: dict[str, Future[SourceResult]] = {}

    def begin(self, source_id: str, land: Callable[[], SourceResult]) -> None:
        """Let ``land`` run, unless the source has begun already."""
        if source_id not in self._running:
            self._running[source_id] = self._pool.submit(copy_context().run, land)

    def result(self, source_id: str) -> SourceResult | None:
        """Wait for a source; None where it has not begun. What ``land`` raised is raised here."""
        running = self._running.get(source_id)
        return running.result() if running else None

    def results(self) -> list[SourceResult]:
        """Results of the sources that are done."""
        done = [each for each in self._running.values() if each.done() and not each.cancelled()]
        return [each.result() for each in done if each.exception() is None]

    def close(self) -> None:
        """Break off what still runs; returns when nothing does."""
        self.stopped.set()
        self._pool.shutdown(wait=True, cancel_futures=True)
